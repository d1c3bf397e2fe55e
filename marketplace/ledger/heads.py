"""Telling the head of the chain to people, who then hold what nobody here can change any more."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.events import SYSTEM
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.ledger.blocks import head
from marketplace.ledger.models import AnnouncedHead


def announce() -> UUID | None:
    """Write down the head of today and record `head.announced`; None when today's is, or nothing new was sealed."""
    newest = head()
    if newest is None:
        return None
    now, head_id = clock.now(), new_id()
    written = session().execute(
        insert(AnnouncedHead)
        .values(id=head_id, on_day=now.date(), number=newest.number, hash=newest.hash, at=now)
        .on_conflict_do_nothing()
        .returning(AnnouncedHead.id)
    )
    if written.first() is None:
        return None
    events.record("head.announced", head_id, by=SYSTEM, number=newest.number, hash=newest.hash.hex())
    return head_id


def announced(head_id: UUID) -> AnnouncedHead:
    """One head that was told to people."""
    return session().scalars(select(AnnouncedHead).where(AnnouncedHead.id == head_id)).one()


def last_announced() -> AnnouncedHead | None:
    """The newest of them."""
    return session().scalars(select(AnnouncedHead).order_by(AnnouncedHead.on_day.desc()).limit(1)).first()
