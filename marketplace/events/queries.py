"""Reading what happened."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.events.models import Event
from marketplace.kit.db import session

#: so many events of a thing, or of several that are shown together, are read
MOST = 500


def history(subject_id: UUID, *names: str) -> Sequence[Event]:
    """What happened to one thing, oldest first; the caller has already found the thing for somebody.

    Of more than `MOST` events it is the last ones.
    """
    return history_of_all([subject_id], *names)


def history_of_all(subject_ids: Collection[UUID], *names: str) -> Sequence[Event]:
    """The same of several things together."""
    statement = select(Event).where(Event.subject_id.in_(subject_ids)).order_by(Event.seq.desc()).limit(MOST)
    found = session().scalars(statement.where(Event.name.in_(names)) if names else statement).all()
    return found[::-1]


def latest(subject_id: UUID, count: int, *names: str) -> Sequence[Event]:
    """The last of these things that happened to something, newest first; found for somebody before."""
    statement = select(Event).where(Event.subject_id == subject_id, Event.name.in_(names))
    return session().scalars(statement.order_by(Event.seq.desc()).limit(count)).all()
