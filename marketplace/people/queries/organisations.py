"""Organisations: one's own, those of a person, and the list that staff work through."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, select

from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, SortKey, page
from marketplace.people.models import Membership, Organisation, OrgKind, TermsAcceptance, User
from marketplace.people.rules import Power
from marketplace.people.terms import DOCUMENTS
from marketplace.people.who import Who

#: those that wait for a check, then the newest
_ORDER: list[SortKey] = [
    case((Organisation.verified_at.is_(None), 1), else_=0),
    Organisation.__table__.c.id,
]


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that a person may act for."""

    org_id: UUID
    org_name: str
    org_kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which version of a document an organisation accepted, through whom and when."""

    version: str
    by_name: str
    at: datetime


def find_for(who: Who, org_id: UUID) -> Organisation:
    """One's own organisation; for staff who verify, any.

    Raises:
        NotFound: not there, or not for this person.
    """
    if org_id != who.org_id and not who.can(Power.ORGANISATIONS_VERIFY):
        raise NotFound
    found = session().get(Organisation, org_id)
    if found is None:
        raise NotFound
    return found


def organisations_for(
    who: Who, ask: Ask, *, kind: str = "", is_verified: bool | None = None, name: str = ""
) -> Page[Organisation]:
    """Agencies and buyers for staff: those not yet verified first, then the newest.

    `name` is a part of the name, in any case.

    Raises:
        Forbidden.
    """
    who.need(Power.ORGANISATIONS_VERIFY)
    statement = select(Organisation).where(Organisation.kind != OrgKind.STAFF.value)
    statement = _narrowed(statement, kind, name)
    if is_verified is not None:
        statement = statement.where(Organisation.verified_at.is_not(None) == is_verified)
    return page(statement, ask, by=_ORDER, key=lambda row: [int(not row.verified_at), row.id])


def _narrowed(statement: Select[Organisation], kind: str, name: str) -> Select[Organisation]:
    if kind:
        statement = statement.where(Organisation.kind == kind)
    if name:
        statement = statement.where(Organisation.name.icontains(name, autoescape=True))
    return statement


def organisations_of(who: Who) -> Sequence[Place]:
    """Every organisation that the person behind `who` may act for, in the order of joining."""
    rows = session().execute(
        select(Organisation.id, Organisation.name, Organisation.kind, Membership.role)
        .join(Membership, Membership.org_id == Organisation.id)
        .where(Membership.user_id == who.user_id)
        .order_by(Membership.created_at, Membership.id)
    )
    return [Place(*row) for row in rows]


def acceptances_for(who: Who) -> Mapping[str, Acceptance]:
    """What one's organisation accepted last of each document: {document: acceptance}."""
    rows = session().execute(
        select(TermsAcceptance.document, TermsAcceptance.version, User.name, TermsAcceptance.accepted_at)
        .join(User, User.id == TermsAcceptance.user_id)
        .where(TermsAcceptance.org_id == who.org_id)
        .order_by(TermsAcceptance.accepted_at, TermsAcceptance.id)
    )
    return {row.document: Acceptance(row.version, row.name, row.accepted_at) for row in rows}


def has_accepted(org_id: UUID, *documents: str) -> bool:
    """Whether the organisation has accepted the current version of these documents (of all, if none is named)."""
    wanted = {(key, DOCUMENTS[key].version) for key in documents or DOCUMENTS}
    rows = session().execute(
        select(TermsAcceptance.document, TermsAcceptance.version).where(TermsAcceptance.org_id == org_id)
    )
    return wanted <= {(row.document, row.version) for row in rows}


def names_of(who: Who, user_ids: Collection[UUID], org_ids: Collection[UUID]) -> dict[UUID, str]:
    """What people and organisations are called, for staff. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    users = select(User.id, User.name).where(User.id.in_(user_ids))
    orgs = select(Organisation.id, Organisation.name).where(Organisation.id.in_(org_ids))
    return {row.id: row.name for found in (users, orgs) for row in session().execute(found)}


def grade_of(org_id: UUID) -> str | None:
    """The grade of an organisation as it is now; None when there is no such one."""
    return session().scalar(select(Organisation.grade).where(Organisation.id == org_id))
