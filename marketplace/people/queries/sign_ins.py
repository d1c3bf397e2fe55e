"""Where people are signed in. `session_of` is on the way to every page: one statement, without a session."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.direct import Read
from marketplace.people.models import Membership, SignIn, User
from marketplace.people.queries.who import PLACES, who_from
from marketplace.people.rules import SEEN_EVERY, UNSEEN, powers_of
from marketplace.people.who import Who


class Session(NamedTuple):
    """Who asks with a browser; `is_due`: that they were seen is to be written down again."""

    who: Who
    is_due: bool


def _stands(since: Any) -> ColumnElement[bool]:
    return and_(SignIn.ended_at.is_(None), SignIn.seen_at > since)


#: four primary keys, and the one place of the person in the organisation
_READ = Read(
    PLACES.add_columns(SignIn.id.label("sign_in_id"), SignIn.seen_at)
    .join(SignIn, SignIn.user_id == User.id)
    .where(
        SignIn.id == bindparam("sign_in_id"),
        _stands(bindparam("since")),
        User.session_epoch == bindparam("epoch"),
        Membership.org_id == bindparam("org_id"),
    )
)


def session_of(sign_in_id: UUID, epoch: int, org_id: UUID) -> Session | None:
    """The person of a session; None when it has ended: signed out, unseen for long, password changed, membership gone.

    Args:
        sign_in_id: from the session's cookie, as the others.
        epoch: it must be the person's current one.
        org_id: for which organisation the person acts.
    """
    now = clock.now()
    row = _READ.first(sign_in_id=sign_in_id, since=now - UNSEEN, epoch=epoch, org_id=org_id)
    if row is None:
        return None
    who = who_from(row, powers_of(row.org_kind, row.role), "page", row.sign_in_id)
    return Session(who, row.seen_at <= now - SEEN_EVERY)


def sign_ins_for(who: Who) -> Sequence[SignIn]:
    """Where the person is signed in: first the one that asks, then the others, newest seen first."""
    mine = select(SignIn).where(SignIn.user_id == who.user_id, is_standing())
    newest_first = mine.order_by(SignIn.id != who.sign_in_id, SignIn.seen_at.desc(), SignIn.id.desc())
    return session().scalars(newest_first).all()


def is_standing() -> ColumnElement[bool]:
    """Whether somebody can go on with a sign-in."""
    return _stands(clock.now() - UNSEEN)
