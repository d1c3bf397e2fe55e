"""Reading decisions that wait."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes.models import WaitingDecision
from marketplace.kit import clock
from marketplace.kit.db import fresh, session

_BATCH = 100


def of_dispute(dispute_id: UUID, *, lock: bool = False) -> WaitingDecision | None:
    """The decision that waits, or was taken back, of a dispute that the caller has found for somebody."""
    statement = select(WaitingDecision).where(WaitingDecision.dispute_id == dispute_id)
    return session().scalar(fresh(statement) if lock else statement)


def due_after(dispute_id: UUID) -> Sequence[UUID]:
    """The next disputes whose decision falls now."""
    due = select(WaitingDecision.dispute_id).where(
        WaitingDecision.falls_at <= clock.now(),
        WaitingDecision.taken_back_at.is_(None),
        WaitingDecision.dispute_id > dispute_id,
    )
    return session().scalars(due.order_by(WaitingDecision.dispute_id).limit(_BATCH)).all()
