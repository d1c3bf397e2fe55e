"""Recording what happened, in the transaction in which it happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from marketplace.events.models import Event, Pending
from marketplace.kit import clock
from marketplace.kit.db import need_act, session
from marketplace.kit.ids import new_id

_EVENTS: Any = Event.__table__
_PENDING: Any = Pending.__table__
_WRITTEN = (
    insert(_EVENTS)
    .values(
        {
            column: bindparam(column)
            for column in ("id", "name", "subject_id", "org_ids", "actor_id", "via", "data", "at")
        }
    )
    .returning(_EVENTS.c.id)
    .cte("written")
)
#: the event and its place in the outbox, in one statement that is made once: every act records something
_RECORD = insert(_PENDING).from_select(["event_id"], select(_WRITTEN.c.id))


class Actor(Protocol):
    """Who did it, and by which way: `page`, `api`, `staff`, `system`, `command`."""

    @property
    def user_id(self) -> UUID | None: ...
    @property
    def via(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _System:
    user_id: UUID | None = None
    via: str = "system"


#: the product itself, when a clock runs out
SYSTEM: Actor = _System()


def record(name: str, subject_id: UUID, *, by: Actor, orgs: Iterable[UUID] = (), **data: Any) -> UUID:
    """Write down that `name` (`noun.past`) happened to `subject_id`; its reactions follow after the commit.

    Args:
        by: who did it.
        orgs: the organisations that it concerns.
        data: plain JSON facts: ids, amounts, codes; never a contact detail.

    Returns: the event's id. Raises NotInAct.
    """
    need_act()
    event_id = new_id()
    values = {
        "id": event_id,
        "name": name,
        "subject_id": subject_id,
        "org_ids": list(orgs),
        "actor_id": by.user_id,
        "via": by.via,
        "data": data,
        "at": clock.now(),
    }
    current = session()
    current.flush()
    current.connection().execute(_RECORD, values)
    return event_id
