"""Which outcome may follow which, as one table."""

from collections.abc import Mapping

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
