"""Tables of leads: the lead itself, the keys that find the same person, imports and their rejected rows, rights."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalog.models import Listing
from marketplace.kit.db import Base, Id
from marketplace.people.models import Organisation, User


class LeadState(StrEnum):
    """Where a lead is in its life; a rejected one is an answer to its sender and no row."""

    AVAILABLE = "available"
    SOLD_OUT = "sold_out"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ImportState(StrEnum):
    """Where an import of a file is; `rules.py` says what each may become."""

    GUESSING = "guessing"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Import(Base):
    """A file on its way to leads. `done` rows are finished for good: a new worker goes on behind them."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("done = accepted + rejected + held", name="adds_up"),
        Index("ix_imports_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Id]
    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    file_name: Mapped[str]
    stored_as: Mapped[str]
    size: Mapped[int]
    fingerprint: Mapped[str]
    state: Mapped[str]
    starts_itself: Mapped[bool]
    guess: Mapped[dict[str, Any] | None]
    consent: Mapped[dict[str, Any] | None]
    failure: Mapped[str | None]
    rows: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """Why a row of a file became no lead. The row itself stays in the sealed file: no contact detail is kept here."""

    __tablename__ = "import_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reasons: Mapped[list[Any]]


class Lead(Base):
    """A person's interest and how to reach them.

    Everything that identifies the person, and every answer that is not shown before purchase, is in `sealed`
    (AES-GCM, bound to this row), which a lead that is read does not carry along: `contact` alone asks for it.
    The other columns are what a masked preview may show and what filters need.
    `real_bp` and `convert_bp`: the chances that it is real and that it buys, in ten-thousandths; told by `quality`,
    a moment after the lead came in. NULL: not counted yet, or nothing is known.
    `place`: `submitted_at` moved by what the agency's grade brings (`placing`); the latest stands first. The
    default is for processes of before this column, which go on while new ones are started.
    """

    __tablename__ = "leads"
    __table_args__ = (
        CheckConstraint("slots_taken BETWEEN 0 AND slots_total", name="slots"),
        CheckConstraint("slots_total BETWEEN 1 AND 5", name="slots_total"),
        CheckConstraint("state IN ('available', 'sold_out', 'expired', 'withdrawn')", name="state"),
        UniqueConstraint("listing_id", "external_id"),
        Index("ix_leads_on_sale", "submitted_at", "id", postgresql_where=text("state = 'available'")),
        Index("ix_leads_on_sale_place", "place", "id", postgresql_where=text("state = 'available'")),
        Index("ix_leads_on_sale_vertical", "vertical", "place", "id", postgresql_where=text("state = 'available'")),
        CheckConstraint("real_bp BETWEEN 0 AND 10000 AND convert_bp BETWEEN 0 AND 10000", name="scores"),
        CheckConstraint("qualification IN ('IQL', 'MQL', 'SQL')", name="qualification"),
        Index("ix_leads_on_sale_score", "real_bp", "id", postgresql_where=text("state = 'available'")),
        Index("ix_leads_unscored", "id", postgresql_where=text("real_bp IS NULL")),
        Index("ix_leads_agency_id_id", "agency_id", "id"),
        Index("ix_leads_import_id", "import_id", "import_row"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey(Import.id))
    import_row: Mapped[int | None]
    external_id: Mapped[str | None]
    vertical: Mapped[str]
    state: Mapped[str]
    slots_total: Mapped[int] = mapped_column(SmallInteger)
    slots_taken: Mapped[int] = mapped_column(SmallInteger, default=0)
    country: Mapped[str]
    region: Mapped[str | None]
    postal_prefix: Mapped[str | None]
    initials: Mapped[str]
    contact_type: Mapped[str]
    temperature: Mapped[str | None]
    qualification: Mapped[str | None]
    channel: Mapped[str]
    sub_id: Mapped[str | None]
    campaign: Mapped[str | None]
    preview: Mapped[dict[str, Any]]
    checks: Mapped[dict[str, Any]]
    sealed: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    submitted_at: Mapped[datetime]
    place: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    received_at: Mapped[datetime]
    real_bp: Mapped[int | None] = mapped_column(SmallInteger)
    convert_bp: Mapped[int | None] = mapped_column(SmallInteger)


class LeadQualification(Base):
    """That somebody found out more about how far a person is. What the answers showed is in the lead's own checks.

    `need`, `wish`, `ability`: as known from then on, NULL where nothing is. Rows never change: they are the history.
    """

    __tablename__ = "lead_qualifications"
    __table_args__ = (
        CheckConstraint("now IN ('IQL', 'MQL', 'SQL')", name="now"),
        CheckConstraint("by IN ('manager', 'chatbot', 'quiz', 'behaviour', 'algorithm')", name="by"),
        CheckConstraint("(now = 'SQL') = (coalesce(need AND wish AND ability, false))", name="all_three"),
        Index("ix_lead_qualifications_lead_id_id", "lead_id", "id"),
    )

    id: Mapped[Id]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id))
    was: Mapped[str | None]
    now: Mapped[str]
    need: Mapped[bool | None]
    wish: Mapped[bool | None]
    ability: Mapped[bool | None]
    by: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]


class LeadKey(Base):
    """A keyed digest of the lead's phone or e-mail: equal for the same person, useless without the pepper."""

    __tablename__ = "lead_keys"
    __table_args__ = (Index("ix_lead_keys_digest_agency_id", "digest", "agency_id"),)

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID]
    digest: Mapped[bytes]
    received_at: Mapped[datetime]


class Bounce(Base):
    """A letter of ours to this address came back for good: its keyed digest, as in `lead_keys`, when first and last."""

    __tablename__ = "bounces"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class WithdrawnEmail(Base):
    """Whoever reads this address wants no more calls: its keyed digest, as in `lead_keys`, and since when."""

    __tablename__ = "withdrawn_emails"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ContactRight(Base):
    """That an organisation may read a lead's contact, and by which purchase. Written with the purchase itself."""

    __tablename__ = "contact_rights"
    __table_args__ = (Index("ix_contact_rights_org_id_since", "org_id", "since"),)

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    order_id: Mapped[UUID]
    since: Mapped[datetime]


class ContactRead(Base):
    """That somebody read a lead's contact: written by the one function that opens it. Rows never change."""

    __tablename__ = "contact_reads"
    __table_args__ = (Index("ix_contact_reads_lead_id_at", "lead_id", "at"),)

    id: Mapped[Id]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id))
    org_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    via: Mapped[str]
    at: Mapped[datetime]


class ContactComparison(Base):
    """That we opened contacts of an agency's own leads to compare them with another of it: a row for each act.

    The second part of the access log: which leads stood beside one that came in. Rows never change.
    """

    __tablename__ = "contact_comparisons"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    lead_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    at: Mapped[datetime]


class LeadHold(Base):
    """New leads of an agency are not offered: of one channel, or of all of them with an empty one.

    `why`: an alarm rings for the channel, or the agency's grade is F. What was received before `since` stays on sale.
    """

    __tablename__ = "lead_holds"
    __table_args__ = (CheckConstraint("why IN ('alarm', 'grade')", name="why"),)

    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str]
    since: Mapped[datetime]


class CallRight(Base):
    """That staff may read a lead's contact while they have to call the person."""

    __tablename__ = "call_rights"

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    audit_id: Mapped[UUID]
    since: Mapped[datetime]
