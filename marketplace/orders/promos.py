"""The part of an order that was paid with promo money, and how money that goes back finds its way there again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.ledger import Account, Line, credit
from marketplace.orders.models import Order, OrderPromo


def back_to_wallet(order: Order, given: int, amount: int) -> tuple[list[Line], int]:
    """Where the next `amount` minor units of a price of which `given` went back before come from: the same sources.

    Cumulative two-way splits, promo money against cash and then gift by gift: parts add up to the cent however often
    something goes back, and none is negative.

    Returns: the credits to gifts, and the rest, which is the wallet's own money.
    """
    gifts = _gifts(order.id)
    before, after = shares(order.price_cents, gifts, given), shares(order.price_cents, gifts, given + amount)
    parts = [(grant_id, new - old) for (grant_id, _cents), old, new in zip(gifts, before, after, strict=True)]
    lines = [credit(Account.WALLET_PROMO, cents, grant_id) for grant_id, cents in parts]
    return lines, amount - sum(cents for _grant, cents in parts)


def promo_held(order: Order) -> int:
    """How much of what is held of an order is promo money, in minor units."""
    gifts = _gifts(order.id)
    return sum(cents for _grant, cents in gifts) - sum(shares(order.price_cents, gifts, order.refunded_cents))


def shares(price: int, gifts: Sequence[tuple[UUID, int]], given: int) -> list[int]:
    """How much of `given` belongs to each gift, rounded down; the cash part is the rest."""
    promo = sum(cents for _grant, cents in gifts)
    left, whole = given * promo // price if price else 0, promo
    parts = []
    for _grant, cents in gifts:
        part = left * cents // whole if whole else 0
        parts.append(part)
        left, whole = left - part, whole - cents
    return parts


def _gifts(order_id: UUID) -> list[tuple[UUID, int]]:
    found = select(OrderPromo.grant_id, OrderPromo.cents).where(OrderPromo.order_id == order_id)
    return [(row.grant_id, row.cents) for row in session().execute(found.order_by(OrderPromo.grant_id))]
