"""Reading what happened."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.events.models import Event
from marketplace.kit.db import session


def history(subject_id: UUID, *names: str) -> Sequence[Event]:
    """Everything that happened to one thing, oldest first; the caller has already found the thing for somebody."""
    statement = select(Event).where(Event.subject_id == subject_id).order_by(Event.seq)
    return session().scalars(statement.where(Event.name.in_(names)) if names else statement).all()


def latest(subject_id: UUID, count: int, *names: str) -> Sequence[Event]:
    """The last of these things that happened to something, newest first; found for somebody before."""
    statement = select(Event).where(Event.subject_id == subject_id, Event.name.in_(names))
    return session().scalars(statement.order_by(Event.seq.desc()).limit(count)).all()
