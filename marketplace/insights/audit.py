"""The audit log: what happened, newest first, for staff."""

from uuid import UUID

from sqlalchemy import select

from marketplace.events import Event
from marketplace.kit.db import session
from marketplace.kit.paging import Ask, Page
from marketplace.people import Power, Who


def audit_for(
    who: Who, ask: Ask, *, name: str | None = None, subject_id: UUID | None = None, org_id: UUID | None = None
) -> Page[Event]:
    """One page of recorded events; each filter that is not given is not applied. Raises Forbidden, Invalid."""
    who.need(Power.AUDIT_READ)
    statement = select(Event)
    if name:
        statement = statement.where(Event.name == name)
    if subject_id:
        statement = statement.where(Event.subject_id == subject_id)
    if org_id:
        statement = statement.where(Event.org_ids.contains([org_id]))
    if ask.cursor:
        statement = statement.where(Event.seq < ask.number)
    found = session().scalars(statement.order_by(Event.seq.desc()).limit(ask.size + 1)).all()
    shown = found[: ask.size]
    return Page(shown, str(shown[-1].seq) if len(found) > ask.size else None)
