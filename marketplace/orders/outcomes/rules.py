"""Which outcome may follow which, as one table; and when it was, where only the day is known."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from marketplace.orders.models import Order
from marketplace.orders.outcomes.models import Stage

S = Stage
#: Steps may be left out, none goes back, but that who was lost or put off is taken up again. Who was won can be won
#: again (a further sale, a renewal), or fall through.
ALLOWED: Mapping[Stage, frozenset[Stage]] = {
    S.NEW: frozenset({S.CONTACTED, S.QUALIFIED, S.WON, S.LOST, S.DEFERRED}),
    S.CONTACTED: frozenset({S.QUALIFIED, S.WON, S.LOST, S.DEFERRED}),
    S.QUALIFIED: frozenset({S.WON, S.LOST, S.DEFERRED}),
    S.DEFERRED: frozenset({S.CONTACTED, S.QUALIFIED, S.WON, S.LOST, S.DEFERRED}),
    S.LOST: frozenset({S.CONTACTED, S.QUALIFIED, S.WON, S.DEFERRED}),
    S.WON: frozenset({S.WON, S.LOST}),
}
#: of a lead that is paid by the sale these are told as a sale, or as none
BY_SALE = frozenset({S.WON, S.LOST})


def next_stages(order: Order, stage: Stage) -> frozenset[Stage]:
    """What can be reported of an order that is at `stage`."""
    return ALLOWED[stage] - BY_SALE if order.is_per_sale else ALLOWED[stage]


def moment_of(day: date, now: datetime, earlier: Iterable[datetime]) -> datetime:
    """A time for a day (UTC) without an hour: noon, today now, and not before what else was on that day."""
    at = now if day == now.date() else datetime.combine(day, time(12), UTC)
    return max([at, *(each for each in earlier if each.date() == day)])
