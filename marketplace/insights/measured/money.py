"""Where the money went that was paid for leads: to agencies, back to buyers, or it is still held."""

from datetime import datetime
from typing import Any

from sqlalchemy import Date, cast, func, select

from marketplace.catalog import Pricing
from marketplace.kit.db import session
from marketplace.orders import Order, OrderState
from marketplace.orders.models import HELD_CENTS, UNSETTLED


def money_since(since: datetime) -> list[dict[str, Any]]:
    """Leads bought for a price since then, by currency, that of the most orders first; and week by week.

    Amounts in minor units: paid = released + returned + held + elsewhere, the last taken back by banks. What went back
    to a buyer after the window, because the lead was a fake, is returned.
    """
    week = cast(func.date_trunc("week", Order.placed_at), Date)
    is_held = Order.state.in_(UNSETTLED)
    back = Order.refunded_cents + Order.clawed_back_cents
    is_released = Order.state.in_((OrderState.RELEASED, OrderState.CLAWED_BACK))
    sums = {
        "paid": func.sum(Order.price_cents),
        "returned": func.sum(back),
        "held": func.coalesce(func.sum(HELD_CENTS).filter(is_held), 0),
        "released": func.coalesce(func.sum(HELD_CENTS - Order.clawed_back_cents).filter(is_released), 0),
    }
    rows = session().execute(
        select(Order.currency, week, func.count(), *sums.values())
        .where(Order.placed_at > since, Order.pricing == Pricing.PER_LEAD)
        .group_by(Order.currency, week)
        .order_by(Order.currency, week)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for currency, monday, orders, *cents in rows:
        told = dict(zip(sums, map(int, cents), strict=True))
        elsewhere = told["paid"] - told["returned"] - told["held"] - told["released"]
        week_told = {"week": monday.isoformat(), "orders": orders, **told, "elsewhere": elsewhere}
        found.setdefault(currency, []).append(week_told)
    whole = [_currency(currency, weeks) for currency, weeks in found.items()]
    return sorted(whole, key=lambda each: (-each["orders"], each["currency"]))


def held_now() -> list[dict[str, Any]]:
    """What is held at this moment, whenever it was paid, by currency."""
    rows = session().execute(
        select(
            Order.currency,
            func.count(),
            func.count().filter(Order.state == OrderState.DISPUTED),
            func.sum(HELD_CENTS),
        )
        .where(Order.state.in_(UNSETTLED), Order.pricing == Pricing.PER_LEAD)
        .group_by(Order.currency)
        .order_by(func.count().desc(), Order.currency)
    )
    return [
        {"currency": currency, "orders": orders, "disputed": disputed, "held": int(cents)}
        for currency, orders, disputed, cents in rows
    ]


def _currency(currency: str, weeks: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("orders", "paid", "returned", "held", "released", "elsewhere")
    return {"currency": currency, **{name: sum(week[name] for week in weeks) for name in names}, "weeks": weeks}
