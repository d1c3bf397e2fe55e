"""What happens to disputes when a deadline passes; case by case, found in batches."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from marketplace import events
from marketplace.disputes import findings
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.disputes.queries import can_be_taken_back, is_held_back
from marketplace.disputes.verdicts import rules
from marketplace.disputes.verdicts.deciding import decide, is_being_put_right, is_frozen, open_one
from marketplace.disputes.verdicts.models import By
from marketplace.disputes.verdicts.rules import Ruling
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.orders import Order, OrderState
from marketplace.orders.rules import APPEAL
from marketplace.quality.disputes import Opinion

NOBODY = UUID(int=0)
_BATCH = 100


class Clock(NamedTuple):
    """One time that can be over: which disputes it concerns, and what then follows."""

    state: DisputeState
    is_over: Callable[[datetime], ColumnElement[bool]]
    ruling: Callable[[Opinion], Ruling]
    by: By

    def after(self, dispute_id: UUID) -> Sequence[UUID]:
        """The next disputes whose time is over; those of which a bank holds the money wait."""
        late = (
            select(Dispute.id)
            .join(Order, Order.id == Dispute.order_id)
            .where(Dispute.state == self.state, self.is_over(clock.now()), Order.state != OrderState.FROZEN)
        )
        return (
            session()
            .scalars(late.where(~is_held_back(), Dispute.id > dispute_id).order_by(Dispute.id).limit(_BATCH))
            .all()
        )

    def act(self, dispute_id: UUID) -> None:
        """Decide it, unless someone has since (staff may take that back) or a correction has extended the deadline."""
        dispute = open_one(dispute_id)
        if dispute is None or dispute.state != self.state or not self._has_run_out(dispute):
            return
        if can_be_taken_back(dispute):
            return
        opinion = findings.weigh_anew(dispute)
        case = findings.case_of(dispute)
        if not is_frozen(case):
            decide(case, self.ruling(opinion), opinion, self.by)

    def _has_run_out(self, dispute: Dispute) -> bool:
        still = select(exists().where(Dispute.id == dispute.id, self.is_over(clock.now())))
        return not is_being_put_right(dispute) and bool(session().scalar(still))


#: the agency had 72 hours to answer
SILENT = Clock(DisputeState.OPEN, lambda now: Dispute.answer_by <= now, lambda _opinion: rules.by_silence(), By.SILENCE)
#: 120 hours after the opening nobody has decided; a correction that was tried meanwhile puts that off
TARDY = Clock(
    DisputeState.ANSWERED,
    lambda now: and_(Dispute.opened_at <= now - rules.LAST_HOUR, Dispute.decide_by <= now),
    rules.by_time,
    By.TIME,
)


def give_time_back(order_id: UUID) -> None:
    """A bank has let go of an order: the time to appeal is extended by what the freeze took. Idempotent."""
    decided = select(Dispute).where(Dispute.order_id == order_id, Dispute.appeal_until.is_not(None))
    dispute = session().scalar(fresh(decided))
    if dispute is None or dispute.decided_at is None:
        return
    until = dispute.decided_at + APPEAL
    for frozen_at, thawed_at in _frozen(order_id):
        if dispute.decided_at < thawed_at and frozen_at < until:
            until += thawed_at - max(frozen_at, dispute.decided_at)
    dispute.appeal_until = until


def _frozen(order_id: UUID) -> Iterator[tuple[datetime, datetime]]:
    """From when to when a bank held the order, each time."""
    since: datetime | None = None
    for event in events.history(order_id, "order.frozen", "order.thawed"):
        if event.name == "order.frozen":
            since = event.at
        elif since:
            yield since, event.at
