"""Pure decisions about orders: allowed changes of state, what a release pays to whom, the terms that a sale freezes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace.kit.money import share
from marketplace.orders.models import Order, OrderState

S = OrderState
#: the life of an order for a price
ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    S.HELD: frozenset({S.DISPUTED, S.RELEASED, S.FROZEN}),
    S.DISPUTED: frozenset({S.HELD, S.PARTLY_REFUNDED, S.REFUNDED, S.FROZEN}),
    S.PARTLY_REFUNDED: frozenset({S.DISPUTED, S.RELEASED, S.FROZEN}),
    S.REFUNDED: frozenset(),
    S.RELEASED: frozenset({S.CLAWED_BACK}),
    S.CLAWED_BACK: frozenset(),
    S.FROZEN: frozenset({S.HELD, S.DISPUTED, S.PARTLY_REFUNDED, S.CHARGED_BACK}),
    S.CHARGED_BACK: frozenset(),
}

#: the life of an order that is paid by the sale: once sales are reported it is where the least settled of them is
PER_SALE_ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    S.ACQUIRED: frozenset({S.REPORTED, S.NO_SALE_CLAIMED, S.OVERDUE, S.DISPUTED}),
    S.DISPUTED: frozenset({S.REFUNDED, S.ACQUIRED}),
    S.REPORTED: frozenset({S.COMMISSION_DUE, S.HELD, S.RELEASED, S.REVERSED, S.ACQUIRED, S.CLOSED_NO_SALE}),
    S.COMMISSION_DUE: frozenset({S.REPORTED, S.HELD, S.RELEASED, S.REVERSED}),
    S.HELD: frozenset({S.REPORTED, S.COMMISSION_DUE, S.RELEASED, S.REVERSED}),
    S.RELEASED: frozenset({S.REPORTED, S.COMMISSION_DUE, S.HELD}),
    S.REVERSED: frozenset({S.REPORTED, S.COMMISSION_DUE, S.HELD}),
    S.NO_SALE_CLAIMED: frozenset({S.REPORTED, S.CLOSED_NO_SALE, S.AUDIT}),
    S.OVERDUE: frozenset({S.REPORTED, S.NO_SALE_CLAIMED, S.AUDIT}),
    S.AUDIT: frozenset({S.REPORTED, S.CLOSED_NO_SALE, S.COMMISSION_DUE, S.HELD}),
    S.CLOSED_NO_SALE: frozenset({S.REPORTED}),
    S.REFUNDED: frozenset(),
}


def changes_of(order: Order) -> frozenset[OrderState]:
    """Where an order may go from where it is, whichever way it is paid."""
    table = PER_SALE_ALLOWED if order.is_per_sale else ALLOWED
    return table.get(OrderState(order.state), frozenset())


def can_be_disputed(order: Order) -> bool:
    """Whether a dispute may begin, as far as the state tells."""
    return S.DISPUTED in changes_of(order)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a buyer may do before staff have verified it: per 24 hours, and the trades that stay closed."""

    leads: int
    cents: int

    def to_json(self, closed: list[str]) -> dict[str, Any]:
        return {"leads": self.leads, "cents": self.cents, "closed": closed}


TRIAL = Trial(leads=5, cents=100_00)

#: how long a decision may be appealed; until then nothing of the order is released
APPEAL = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Release:
    """How held money is split when it leaves: fee + reserve + payable = what was held, in minor units."""

    fee: int
    reserve: int
    payable: int


def release_of(held: int, fee_bp: int, reserve_bp: int) -> Release:
    """Split what is left of an order: the fee first, then the reserve from the net, each rounded half up.

    held: minor units, >= 0. The parts are never negative and always add up to `held`.
    """
    fee = share(held, fee_bp)
    reserve = share(held - fee, reserve_bp)
    return Release(fee=fee, reserve=reserve, payable=held - fee - reserve)


def earned_of(kept: int, fee_bp: int) -> int:
    """What an agency earns in all, reserve included, of the part of a price that was not given back; minor units."""
    return kept - share(kept, fee_bp)


def refund_of(price: int, percent: int) -> int:
    """What a decision of 0, 25, 50 or 100 % gives back, rounded half up, in minor units."""
    return share(price, percent * 100)


def fee_part(taken: int, amount: int, fee_bp: int) -> int:
    """How much of our fee belongs to the next `amount` of a released price of which `taken` was given back before.

    Cumulative, so that parts taken one after another add up to the fee of their sum, to the cent; never negative.
    """
    return share(taken + amount, fee_bp) - share(taken, fee_bp)
