"""Reading decisions that wait."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select

from marketplace.disputes import corrections
from marketplace.disputes.afterthought.rules import version_of
from marketplace.disputes.appealed import appeals_of
from marketplace.disputes.evidence import evidence_of
from marketplace.disputes.findings import findings_of
from marketplace.disputes.models import Appeal, Dispute, WaitingDecision
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.people import Power, Who

_BATCH = 100
_MOST_TOLD = 10


def of_dispute(dispute_id: UUID, *, lock: bool = False) -> WaitingDecision | None:
    """The decision that waits, or was taken back, of a dispute that the caller has found for somebody."""
    statement = select(WaitingDecision).where(WaitingDecision.dispute_id == dispute_id)
    return session().scalar(fresh(statement) if lock else statement)


def version_now(dispute: Dispute) -> str:
    """The version of a dispute that the caller has locked: no side can say or give anything until it is done."""
    correction, appeals = corrections.of_dispute(dispute, lock=True), appeals_of(dispute, lock=True)
    return version_of(dispute, evidence_of(dispute), correction, appeals, findings_of(dispute))


def has_decided(who: Who, dispute_id: UUID) -> bool:
    """Whether a decision of theirs stands, about the dispute or an appeal of it."""
    first = exists().where(Dispute.id == dispute_id, Dispute.decided_by == who.user_id)
    again = exists().where(Appeal.dispute_id == dispute_id, Appeal.decided_by == who.user_id)
    return bool(session().scalar(select(or_(first, again))))


def dropped_of(who: Who) -> Sequence[Dispute]:
    """Disputes in which a decision of theirs did not fall, the newest first, for a day. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    dropped = (
        select(Dispute)
        .join(WaitingDecision, WaitingDecision.dispute_id == Dispute.id)
        .where(WaitingDecision.made_by == who.user_id, WaitingDecision.why.is_not(None))
    )
    return session().scalars(dropped.order_by(WaitingDecision.taken_back_at.desc()).limit(_MOST_TOLD)).all()


def due_after(dispute_id: UUID) -> Sequence[UUID]:
    """The next disputes whose decision falls now."""
    due = select(WaitingDecision.dispute_id).where(
        WaitingDecision.falls_at <= clock.now(),
        WaitingDecision.taken_back_at.is_(None),
        WaitingDecision.dispute_id > dispute_id,
    )
    return session().scalars(due.order_by(WaitingDecision.dispute_id).limit(_BATCH)).all()
