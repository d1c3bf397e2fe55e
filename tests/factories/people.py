"""Organisations with one member and an API key: valid by default, a test says only what matters to it."""

import itertools
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from marketplace import events
from marketplace.events import SYSTEM
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.people import Who, actions, passwords, queries, terms
from marketplace.people.actions.organisations import lock_organisation
from marketplace.people.actions.rows import add_member, add_user, confirm

PASSWORD = "correct horse battery"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who may act (`who`), and the secret of a key with all of their powers."""

    who: Who
    key: str
    email: str

    @property
    def org_id(self) -> UUID:
        return self.who.org_id


def make_person(kind="buyer", *, role="owner", org_id=None, is_verified=True, has_terms=True, scopes=None) -> Person:
    """A confirmed person in a new organisation, or in a given one."""
    email = f"person{next(_NUMBERS)}@example.com"
    with transaction():
        org_id = org_id or actions.open_organisation(kind, f"{kind.title()} {next(_NUMBERS)}", "US").id
        _add_person(email, "Dana Ortiz", org_id, role)
        who = queries.who_of_address(email)
        if has_terms and kind != "staff" and role == "owner":
            actions.accept_terms(who, terms.current())
        key = key_of(who, scopes)
        if is_verified and kind != "staff":
            _verify(org_id)
    return Person(queries.who_of_key(key) if key else queries.who_of_address(email, via="api"), key, email)


def joined_once(person: Person, party: Person) -> None:
    """Somebody took an invitation of a party and was removed again."""
    with transaction():
        asked = actions.invite(party.who, person.email, "member")
    with transaction():
        actions.join_as(person.who, queries.invited(asked.id).token)
        actions.remove(party.who, person.who.user_id)


def key_of(who: Who, scopes=None) -> str:
    """A key for a member who may make one, with all of their powers unless told which; an empty text otherwise."""
    if not any(power.value == "keys:write" for power in who.powers):
        return ""
    _key, secret = actions.create_api_key(who, "scripts", scopes or [power.value for power in who.powers])
    return secret


def verify(org_id: UUID) -> None:
    """The organisation has been checked: as `actions.verify_organisation`, without the staff that say so."""
    with transaction():
        _verify(org_id)


def _verify(org_id: UUID) -> None:
    organisation = lock_organisation(org_id)
    organisation.verified_at = clock.now()
    events.record("organisation.verified", org_id, by=SYSTEM, orgs=[org_id])


def _add_person(email: str, name: str, org_id: UUID, role: str) -> None:
    """As `actions.create_user`, but the password is hashed once a run: that takes longer than all the rest together."""
    user = add_user(email, name, _hash(), "en")
    confirm(user, SYSTEM)
    add_member(user.id, org_id, role, SYSTEM)


@cache
def _hash() -> str:
    return passwords.hash_of(PASSWORD)


def came_in(who: Who, user_agent: str = "") -> Who:
    """The same person, signed in with a browser that calls itself so."""
    with transaction():
        return actions.open_sign_in(who, user_agent)


def signed_in(email: str, password: str) -> Who:
    """As at the sign-in page, an act of its own."""
    with transaction():
        return actions.sign_in(email, password)
