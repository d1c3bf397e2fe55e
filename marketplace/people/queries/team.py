"""The people and keys of one organisation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from marketplace.kit.db import session
from marketplace.people import tokens
from marketplace.people.errors import TokenUsed
from marketplace.people.models import ApiKey, Invitation, Membership, Organisation, User
from marketplace.people.queries.organisations import find_for
from marketplace.people.rules import Power
from marketplace.people.tokens import JOIN
from marketplace.people.who import Who


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation as the page of its link shows it; `is_known`: the address has an account already."""

    invitation: Invitation
    org_name: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Member:
    user_id: UUID
    name: str
    email: str = field(repr=False)
    role: str
    is_confirmed: bool
    joined_at: datetime


def members_for(who: Who, org_id: UUID | None = None) -> Sequence[Member]:
    """The members of one's own organisation, or for staff of any, in the order of joining.

    Raises:
        Forbidden, NotFound.
    """
    who.need(Power.TEAM_READ)
    org = find_for(who, org_id or who.org_id)
    rows = session().execute(
        select(
            User.id,
            User.name,
            User.email,
            Membership.role,
            User.email_confirmed_at.is_not(None),
            Membership.created_at,
        )
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.org_id == org.id)
        .order_by(Membership.created_at, Membership.id)
    )
    return [Member(*row) for row in rows]


def invitations_for(who: Who) -> Sequence[Invitation]:
    """Invitations that nobody has accepted or withdrawn, newest first."""
    who.need(Power.TEAM_WRITE)
    newest_first = open_invitations(who.org_id).order_by(Invitation.created_at.desc(), Invitation.id.desc())
    return session().scalars(newest_first).all()


def open_invitations(org_id: UUID) -> Select[Invitation]:
    """The invitations of an organisation that can still be accepted."""
    is_open = Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)
    return select(Invitation).where(Invitation.org_id == org_id, is_open)


def invitation_of(token: str, *, is_locked: bool = False) -> OpenInvitation:
    """What the link of an invitation leads to; whoever holds it can read the letter.

    Args:
        token: from the letter.
        is_locked: keep others from using it until this transaction ends.

    Raises:
        TokenInvalid, TokenExpired, TokenUsed.
    """
    invitation_id, _content = tokens.read(JOIN, token, "invitation")
    statement = (
        select(Invitation, Organisation.name, User.id)
        .join(Organisation, Organisation.id == Invitation.org_id)
        .outerjoin(User, User.email == Invitation.email)
        .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    )
    row = session().execute(statement.with_for_update(of=Invitation) if is_locked else statement).first()
    if row is None:
        raise TokenUsed
    return OpenInvitation(row[0], row[1], is_known=row[2] is not None)


def api_keys_for(who: Who) -> Sequence[ApiKey]:
    """Every key of the organisation, newest first, revoked ones too; never a secret."""
    who.need(Power.KEYS_WRITE)
    mine = select(ApiKey).where(ApiKey.org_id == who.org_id)
    return session().scalars(mine.order_by(ApiKey.created_at.desc(), ApiKey.id.desc())).all()
