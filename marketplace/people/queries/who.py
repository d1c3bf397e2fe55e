"""Who is asking: found from an address, for commands. By a session: `sign_ins.py`; by an API key: `by_key.py`."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from marketplace.kit.db import session
from marketplace.people import terms
from marketplace.people.errors import NoOrganisation
from marketplace.people.models import Membership, Organisation, TermsAcceptance, User
from marketplace.people.rules import Power, powers_of
from marketplace.people.who import Who

_ACCEPTED = (
    select(func.count())
    .where(
        TermsAcceptance.org_id == Organisation.id,
        or_(
            *(
                and_(TermsAcceptance.document == document, TermsAcceptance.version == version)
                for document, version in terms.current().items()
            )
        ),
    )
    .scalar_subquery()
)

#: a person's places in organisations, with what `Who` needs
PLACES = (
    select(
        User.id.label("user_id"),
        User.name.label("user_name"),
        User.email_confirmed_at,
        User.session_epoch,
        Organisation.id.label("org_id"),
        Organisation.kind.label("org_kind"),
        Organisation.name.label("org_name"),
        Organisation.verified_at,
        Membership.role,
        _ACCEPTED.label("accepted"),
    )
    .select_from(Membership)
    .join(User, User.id == Membership.user_id)
    .join(Organisation, Organisation.id == Membership.org_id)
)


def who_of_address(email: str, *, via: str = "command", org_id: UUID | None = None) -> Who:
    """The person with this address (lower case); only for commands and for an act that has proved the person.

    Raises:
        NoOrganisation: nobody, or somebody without an organisation.
    """
    who = _first(org_id, via, User.email == email)
    if who is None:
        raise NoOrganisation
    return who


def who_of_member(user_id: UUID, org_id: UUID, via: str) -> Who | None:
    """A member for whom the product acts later, as asked by way of `via`; None when it is a member no more."""
    return _first(org_id, via, User.id == user_id)


def _first(org_id: UUID | None, via: str, *where: ColumnElement[bool]) -> Who | None:
    statement = PLACES.where(*where, Membership.org_id == org_id) if org_id else PLACES.where(*where)
    row = session().execute(statement.order_by(Membership.created_at, Membership.id).limit(1)).first()
    return who_from(row, powers_of(row.org_kind, row.role), via) if row else None


def who_from(row: Any, powers: frozenset[Power], via: str, sign_in_id: UUID | None = None) -> Who:
    """From a row with the columns of `PLACES`."""
    return Who(
        user_id=row.user_id,
        org_id=row.org_id,
        org_kind=row.org_kind,
        role=row.role,
        powers=powers,
        via=via,
        is_confirmed=row.email_confirmed_at is not None,
        is_verified=row.verified_at is not None,
        has_terms=row.accepted == len(terms.current()),
        epoch=row.session_epoch,
        sign_in_id=sign_in_id,
        user_name=row.user_name,
        org_name=row.org_name,
    )
