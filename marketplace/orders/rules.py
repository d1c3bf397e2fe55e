"""Pure decisions about orders: allowed changes of state, what a release pays to whom, the terms that a sale freezes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace.kit.money import share
from marketplace.orders.models import OrderState

S = OrderState
ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    S.HELD: frozenset({S.DISPUTED, S.RELEASED, S.FROZEN}),
    S.DISPUTED: frozenset({S.HELD, S.PARTLY_REFUNDED, S.REFUNDED, S.FROZEN}),
    S.PARTLY_REFUNDED: frozenset({S.RELEASED, S.FROZEN}),
    S.REFUNDED: frozenset(),
    S.RELEASED: frozenset({S.CLAWED_BACK}),
    S.CLAWED_BACK: frozenset(),
    S.FROZEN: frozenset({S.HELD, S.DISPUTED, S.PARTLY_REFUNDED, S.CHARGED_BACK}),
    S.CHARGED_BACK: frozenset(),
}


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


def refund_of(price: int, percent: int) -> int:
    """What a decision of 0, 25, 50 or 100 % gives back, rounded half up, in minor units."""
    return share(price, percent * 100)


def fee_part(taken: int, amount: int, fee_bp: int) -> int:
    """How much of our fee belongs to the next `amount` of a released price of which `taken` was given back before.

    Cumulative, so that parts taken one after another add up to the fee of their sum, to the cent; never negative.
    """
    return share(taken + amount, fee_bp) - share(taken, fee_bp)
