"""Pure decisions about disputes: allowed changes, what each verdict means for money. Reasons: `reasons.py`."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.disputes.errors import AlreadyAppealed, AlreadyDisputed, AppealTimeOver, NotAppealable
from marketplace.disputes.models import Appeal, Dispute, DisputeState
from marketplace.kit.errors import Refusal
from marketplace.orders import Order, OrderState, can_be_disputed
from marketplace.orders.errors import NotDisputable, WindowClosed

S = DisputeState
#: states in which a dispute is over
ENDS = frozenset({S.UPHELD, S.PARTLY_UPHELD, S.REJECTED, S.WITHDRAWN, S.CONCEDED, S.CORRECTED})
ALLOWED: Mapping[DisputeState, frozenset[DisputeState]] = {
    S.OPEN: ENDS - {S.CORRECTED} | {S.ANSWERED},
    S.ANSWERED: ENDS,
    S.UPHELD: frozenset(),
    S.PARTLY_UPHELD: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.CONCEDED: frozenset(),
    S.CORRECTED: frozenset(),
}

_ALL = 100
ANSWER_TIME = timedelta(hours=72)
DECISION_TIME = timedelta(hours=48)

#: the share of the price that each verdict may give back
REFUNDS: Mapping[DisputeState, frozenset[int]] = {
    S.UPHELD: frozenset({100}),
    S.PARTLY_UPHELD: frozenset({25, 50}),
    S.REJECTED: frozenset({0}),
}

MOST_FILES = 5
MOST_FILE_BYTES = 10 << 20


def hindrance(order: Order, newest: Dispute | None, now: datetime) -> Refusal | None:
    """Why a buyer cannot dispute this order now, or None. newest: the order's newest dispute, if there is one."""
    if order.state == OrderState.RELEASED or now > order.window_ends_at:
        return WindowClosed()
    if newest and newest.state not in (S.OPEN, S.ANSWERED, S.WITHDRAWN):
        return AlreadyDisputed()
    return None if can_be_disputed(order) else NotDisputable()


def refunds_of(outcome: DisputeState, *, is_per_sale: bool) -> frozenset[int]:
    """The shares that a verdict may give back: a deposit goes back in full or not at all."""
    shares = REFUNDS.get(outcome, frozenset())
    return shares & {0, 100} if is_per_sale else shares


def appeal_hindrance(dispute: Dispute, side: str, mine: Appeal | None, now: datetime) -> Refusal | None:
    """Why a side cannot appeal now, or None. side: `buyer` or `agency`; mine: the appeal that it made before."""
    lost = {"buyer": dispute.refund_percent != _ALL, "agency": dispute.refund_percent != 0}
    if dispute.state not in REFUNDS or not lost[side]:
        return NotAppealable()
    if mine:
        return AlreadyAppealed()
    return AppealTimeOver() if dispute.appeal_until is None or now > dispute.appeal_until else None


def appeal_outcomes(side: str, percent: int, *, is_per_sale: bool) -> frozenset[int]:
    """What an appeal can make of a decision that gave `percent` back: the same, or more for the side that appealed."""
    shares = frozenset({0, _ALL}) if is_per_sale else frozenset({0, 25, 50, _ALL})
    return frozenset(each for each in shares if (each >= percent if side == "buyer" else each <= percent))
