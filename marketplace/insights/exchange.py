"""The exchange in a few figures that everybody may see: sums and counts, never whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from marketplace import market
from marketplace.catalog import Pricing
from marketplace.disputes import Dispute, DisputeState
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.orders import Order, OrderState
from marketplace.orders.models import HELD_CENTS, UNSETTLED

#: how far the figures about decisions look back
LOOK_BACK = timedelta(days=90)
FEWEST = 5
_DECIDED = (DisputeState.UPHELD, DisputeState.PARTLY_UPHELD, DisputeState.REJECTED)


@dataclass(frozen=True, slots=True)
class ExchangeFigures:
    """The figures of this moment.

    Attributes:
        on_sale, trades: leads that can be bought now, and in how many trades.
        held: prices of leads held now, one amount a currency, that of the most orders first.
        held_orders, disputed_orders: for how many orders, and how many of them are disputed.
        decided: disputes that staff decided within `LOOK_BACK`.
        refunded: those of them that gave money back, in full or in part.
        median_time: from opening to decision; None below `FEWEST` decisions, of which a median says nothing.
    """

    on_sale: int
    trades: int
    held: Sequence[Money]
    held_orders: int
    disputed_orders: int
    decided: int
    refunded: int
    median_time: timedelta | None


def exchange_figures() -> ExchangeFigures:
    """Count everything now."""
    on_sale, trades = market.public_counts()
    held, held_orders, disputed_orders = _held()
    decided, refunded, median_time = _decisions()
    return ExchangeFigures(on_sale, trades, held, held_orders, disputed_orders, decided, refunded, median_time)


def _held() -> tuple[Sequence[Money], int, int]:
    rows = (
        session()
        .execute(
            select(
                Order.currency,
                func.sum(HELD_CENTS).label("cents"),
                func.count().label("orders"),
                func.count().filter(Order.state == OrderState.DISPUTED).label("disputed"),
            )
            .where(Order.state.in_(UNSETTLED), Order.pricing == Pricing.PER_LEAD)
            .group_by(Order.currency)
            .order_by(func.count().desc(), Order.currency)
        )
        .all()
    )
    amounts = [Money(int(row.cents), row.currency) for row in rows]
    return amounts, sum(row.orders for row in rows), sum(row.disputed for row in rows)


def _decisions() -> tuple[int, int, timedelta | None]:
    took = Dispute.decided_at - Dispute.opened_at
    decided, refunded, median_time = (
        session()
        .execute(
            select(
                func.count(),
                func.count().filter(Dispute.refund_percent > 0),
                func.percentile_cont(0.5).within_group(took),
            ).where(Dispute.decided_at > clock.now() - LOOK_BACK, Dispute.state.in_(_DECIDED))
        )
        .one()
    )
    return decided, refunded, median_time if decided >= FEWEST else None
