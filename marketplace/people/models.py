"""Tables of people: users, how they sign in, organisations, memberships, API keys, accepted terms, invitations."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id


class OrgKind(StrEnum):
    """The side of the market that an organisation stands on."""

    AGENCY = "agency"
    BUYER = "buyer"
    STAFF = "staff"


class Role(StrEnum):
    """What a member may do in an organisation; `rules.py` says what each allows."""

    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"
    FINANCE = "finance"


class Grade(StrEnum):
    """How well an agency's leads have turned out; `NEW` until there is enough to tell."""

    NEW = "new"
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Proof(StrEnum):
    """By what somebody has shown who they are; with an app or a recovery code the password was right before."""

    PASSWORD = "password"  # noqa: S105  # a word for what it was, not one
    APP = "app"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


class User(Base):
    """A person who signs in. `session_epoch` grows with each change of password: older sessions end."""

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)  # kept in lower case
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    email_confirmed_at: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class SignIn(Base):
    """That a person is signed in with a browser, until one of them ends it or nobody was seen for long.

    `browser` and `system` are names of our own list, empty where nobody can tell; no network address is kept.
    `proof` is empty for those of before it was kept.
    """

    __tablename__ = "sign_ins"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    browser: Mapped[str]
    system: Mapped[str]
    proof: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Authenticator(Base):
    """An app of a person that shows codes; while there is a row, the password alone signs nobody in.

    `secret` is sealed. A code is taken once: none of `last_step` (half minutes since 1970) or of one before.
    """

    __tablename__ = "authenticators"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    secret: Mapped[bytes]
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """Stands in for a code of the app, once. Only a keyed digest is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    code_hash: Mapped[bytes]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key of a person on one of their devices; it signs in by itself. Of its pair of keys we have the public one.

    `sign_count` is the device's own count of signatures, 0 where it keeps none.
    """

    __tablename__ = "passkeys"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a browser is to have signed: for a person's new passkey, or, without a person, to sign in. Taken once."""

    __tablename__ = "passkey_challenges"

    id: Mapped[Id]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    challenge: Mapped[bytes]
    created_at: Mapped[datetime]


class Organisation(Base):
    """An agency, a buyer, or Fairlead's own staff. `verified_at` is set by staff, an agency's `grade` by its record.

    `score` (0..100) is of the newest rating. Until `grade_until` the grade is not what the record earns but what was
    set, and `grade_note` says why.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind IN ('agency', 'buyer', 'staff')", name="kind"),
        CheckConstraint("grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')", name="grade"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    website: Mapped[str] = mapped_column(default="")
    registration_number: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default=Grade.NEW, server_default=Grade.NEW.value)
    score: Mapped[float | None]
    grade_until: Mapped[datetime | None]
    grade_note: Mapped[str] = mapped_column(default="", server_default="")
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    created_at: Mapped[datetime]


class Membership(Base):
    """A person's place in an organisation."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "org_id"),
        CheckConstraint("role IN ('owner', 'manager', 'member', 'finance')", name="role"),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), index=True)
    role: Mapped[str]
    created_at: Mapped[datetime]


class Invitation(Base):
    """An address asked to join an organisation; it ends when it is taken, withdrawn or too old."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), index=True)
    email: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key of an organisation for scripts. Only its SHA-256 is kept; `hint` is its first characters, for people."""

    __tablename__ = "api_keys"

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    name: Mapped[str]
    hint: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class TermsAcceptance(Base):
    """That a person accepted a version of the terms for an organisation."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (UniqueConstraint("org_id", "document", "version"),)

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    document: Mapped[str]
    version: Mapped[str]
    accepted_at: Mapped[datetime]
