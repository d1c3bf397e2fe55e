"""Organisations: opened, described, bound to terms, checked by staff."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people import passwords, terms
from marketplace.people.actions.rows import add_member, add_user, confirm
from marketplace.people.errors import AddressTaken, AlreadyVerified
from marketplace.people.models import Organisation, OrgKind, TermsAcceptance, User
from marketplace.people.queries.ties import keep_apart
from marketplace.people.rules import Power
from marketplace.people.who import Who


def open_organisation(kind: str, name: str, country: str, *, by: Actor = SYSTEM) -> Organisation:
    """A new organisation without members, not yet verified. kind: `agency`, `buyer`, `staff`."""
    org = Organisation(kind=kind, name=name, country=country, created_at=clock.now())
    session().add(org)
    session().flush()
    events.record("organisation.opened", org.id, by=by, orgs=[org.id], kind=kind)
    return org


def create_user(
    *, email: str, name: str, password: str, org_id: UUID, role: str, locale: str = "en", by: Actor = SYSTEM
) -> User:
    """A person with a confirmed address, for commands and the demo world. email: clean, lower case.

    Raises:
        WeakPassword, AddressTaken.
    """
    passwords.check(password, email)
    user = add_user(email, name, passwords.hash_of(password), locale)
    if user is None:
        raise AddressTaken
    confirm(user, by)
    add_member(user.id, org_id, role, by)
    return user


def describe_organisation(who: Who, *, website: str, registration_number: str) -> Organisation:
    """Say what helps staff to check the organisation; possible until they have.

    Raises:
        Forbidden, AlreadyVerified.
    """
    who.need(Power.TEAM_WRITE)
    org = lock_organisation(who.org_id)
    if org.verified_at:
        raise AlreadyVerified
    org.website, org.registration_number = website, registration_number
    events.record("organisation.described", org.id, by=who, orgs=[org.id])
    return org


def verify_organisation(who: Who, org_id: UUID) -> Organisation:
    """Staff have checked an agency or a buyer; a second time changes nothing.

    Raises:
        Forbidden, NotFound, TooNear.
    """
    who.need(Power.ORGANISATIONS_VERIFY)
    org = lock_organisation(org_id)
    if org.kind == OrgKind.STAFF.value:
        raise NotFound
    keep_apart(who, org_id)
    if org.verified_at is None:
        org.verified_at, org.verified_by = clock.now(), who.user_id
        events.record("organisation.verified", org.id, by=who, orgs=[org.id])
    return org


def accept_terms(who: Who, accepted: Mapping[str, str]) -> None:
    """Accept the current terms for the organisation. accepted: {document: version that was read}.

    Raises:
        Forbidden: only an owner binds the organisation. OldTerms.
    """
    who.need(Power.TEAM_WRITE)
    terms.require_current(accepted)
    write_acceptance(who.org_id, who, accepted)


def write_acceptance(org_id: UUID, by: Actor, accepted: Mapping[str, str]) -> None:
    """Keep who accepted what; what was accepted before stays as it is."""
    for document, version in accepted.items():
        added = session().execute(
            insert(TermsAcceptance)
            .values(org_id=org_id, user_id=by.user_id, document=document, version=version, accepted_at=clock.now())
            .on_conflict_do_nothing()
            .returning(TermsAcceptance.id)
        )
        if added.first():
            events.record("terms.accepted", org_id, by=by, orgs=[org_id], document=document, version=version)


def lock_organisation(org_id: UUID) -> Organisation:
    """The organisation as it is now; its members and details change one after another.

    Raises:
        NotFound.
    """
    mine = select(Organisation).where(Organisation.id == org_id).with_for_update(key_share=True)
    org = session().scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if org is None:
        raise NotFound
    return org
