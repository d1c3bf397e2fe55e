"""Where letters go: read by the product itself, not for a person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from marketplace.kit.db import session
from marketplace.people import tokens
from marketplace.people.models import ApiKey, Invitation, Membership, Organisation, OrgKind, User
from marketplace.people.rules import Power, powers_of


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter is for; somebody who is only invited has no `user_id` and no name yet."""

    email: str = field(repr=False)
    locale: str
    name: str = ""
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """Everything that the letter of an invitation says."""

    to: Addressee
    token: str
    org_name: str
    by_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Card:
    """What an organisation shows to everybody."""

    id: UUID
    kind: str
    name: str
    country: str


_ADDRESSEES: Select[str, str, str, UUID] = select(User.email, User.locale, User.name, User.id)


def addressee(user_id: UUID) -> Addressee:
    """Where a letter for this person goes, confirmed or not."""
    return Addressee(*session().execute(_ADDRESSEES.where(User.id == user_id)).one())


def addressees(org_id: UUID, power: Power) -> Sequence[Addressee]:
    """The members of an organisation who may do this and whose address is confirmed."""
    rows = session().execute(
        _ADDRESSEES.add_columns(Organisation.kind, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.org_id)
        .where(Membership.org_id == org_id, User.email_confirmed_at.is_not(None))
        .order_by(Membership.created_at, Membership.id)
    )
    return [Addressee(*row[:4]) for row in rows if power in powers_of(row.kind, row.role)]


def staff_addressees() -> Sequence[Addressee]:
    """Every member of staff whose address is confirmed, each once."""
    rows = session().execute(
        _ADDRESSEES.where(
            User.email_confirmed_at.is_not(None),
            select(Membership.id)
            .join(Organisation, Organisation.id == Membership.org_id)
            .where(Membership.user_id == User.id, Organisation.kind == OrgKind.STAFF)
            .exists(),
        ).order_by(User.created_at, User.id)
    )
    return [Addressee(*row) for row in rows]


def invited(invitation_id: UUID) -> Invited | None:
    """What the letter of an invitation needs; None when it was accepted or withdrawn meanwhile."""
    row = (
        session()
        .execute(
            select(Invitation, Organisation.name.label("org_name"), User.name.label("by_name"), User.locale)
            .join(Organisation, Organisation.id == Invitation.org_id)
            .join(User, User.id == Invitation.invited_by)
            .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        )
        .first()
    )
    if row is None:
        return None
    invitation: Invitation = row[0]
    to = Addressee(invitation.email, row.locale)
    return Invited(to, tokens.invitation(invitation), row.org_name, row.by_name, invitation.role)


def standing_keys(user_id: UUID) -> Sequence[tuple[str, str]]:
    """The API keys that act in a person's name, oldest first: what each is called, and the organisation."""
    mine = (
        select(ApiKey.name, Organisation.name)
        .join(Organisation, Organisation.id == ApiKey.org_id)
        .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return [(key, org) for key, org in session().execute(mine)]


def card(org_id: UUID) -> Card:
    """The name and side of an organisation, as everybody may know them."""
    columns = select(Organisation.id, Organisation.kind, Organisation.name, Organisation.country)
    return Card(*session().execute(columns.where(Organisation.id == org_id)).one())


def confirmation_token(user_id: UUID) -> str:
    """The token of a letter that confirms the person's address."""
    return tokens.confirmation(_user(user_id))


def reset_token(user_id: UUID) -> str:
    """The token of a letter that lets the person set a new password."""
    return tokens.reset(_user(user_id))


def _user(user_id: UUID) -> User:
    return session().scalars(select(User).where(User.id == user_id)).one()
