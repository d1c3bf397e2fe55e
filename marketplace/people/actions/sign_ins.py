"""Sign-ins of people: opened with a proof of who it is, ended by them, forgotten when nobody was seen for long."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people.actions.rows import end_sign_ins, lock_user
from marketplace.people.models import Proof, SignIn
from marketplace.people.queries.sign_ins import is_standing
from marketplace.people.rules import SEEN_EVERY, UNSEEN
from marketplace.people.user_agents import browser_of
from marketplace.people.who import Who


def open_sign_in(who: Who, user_agent: str, proof: Proof = Proof.PASSWORD) -> Who:
    """Write down that the person is signed in with this browser, in the act that has proved who it is.

    Args:
        user_agent: the header of that name, whatever it holds.
        proof: by what the person has shown it.

    Returns: the same person, known by the new sign-in.
    """
    now, (browser, system) = clock.now(), browser_of(user_agent)
    row = SignIn(user_id=who.user_id, browser=browser, system=system, proof=proof.value, created_at=now, seen_at=now)
    session().add(row)
    session().flush()
    return replace(who, sign_in_id=row.id)


def sign_out(sign_in_id: UUID) -> None:
    """End a sign-in by the one browser that knows it; a second time changes nothing."""
    end_sign_ins(SignIn.id == sign_in_id)


def sign_out_of(who: Who, sign_in_id: UUID) -> None:
    """End another of one's own sign-ins; a second time changes nothing.

    Raises:
        NotFound: not one of theirs.
    """
    lock_user(who.user_id)
    theirs = SignIn.id == sign_in_id, SignIn.user_id == who.user_id
    if session().scalar(select(SignIn.id).where(*theirs)) is None:
        raise NotFound
    _record(who, end_sign_ins(*theirs))


def sign_out_elsewhere(who: Who, *which: ColumnElement[bool]) -> None:
    """End all of one's sign-ins, or those of them, but the one that asks for it."""
    lock_user(who.user_id)
    others = SignIn.user_id == who.user_id, SignIn.id != who.sign_in_id, is_standing(), *which
    _record(who, end_sign_ins(*others))


def mark_seen(who: Who) -> None:
    """Write down that somebody was seen, once an hour at most; whoever writes the row just now knows it as well."""
    now = clock.now()
    due = select(SignIn.id).where(SignIn.id == who.sign_in_id, SignIn.seen_at <= now - SEEN_EVERY)
    free = due.with_for_update(skip_locked=True).scalar_subquery()
    session().execute(update(SignIn).where(SignIn.id == free).values(seen_at=now))


def forget_sign_ins() -> None:
    """Drop sign-ins that nobody can go on with."""
    session().execute(delete(SignIn).where(SignIn.seen_at <= clock.now() - UNSEEN))


def _record(who: Who, ended: list[UUID]) -> None:
    if ended:
        events.record("user.signed_out_elsewhere", who.user_id, by=who, sign_ins=[str(each) for each in ended])
