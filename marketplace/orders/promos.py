"""The part of an order that was paid with promo money, and how money that goes back finds its way there again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace.billing.models import PromoGrant
from marketplace.kit.db import session
from marketplace.ledger import Account, Line, credit
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from marketplace.orders.models import Order, OrderPromo


@dataclass(frozen=True, slots=True)
class Gift:
    """What a grant paid of an order, and how much of that has gone back to it; minor units."""

    grant_id: UUID
    cents: int
    returned: int

    @property
    def left(self) -> int:
        return self.cents - self.returned


def back_to_wallet(order: Order, given: int, amount: int) -> tuple[list[Line], int]:
    """Where the next `amount` minor units of a price of which `given` went back before come from: the same sources.

    Cumulative two-way splits, promo money against cash and then gift by gift: parts add up to the cent however often
    something goes back, and none is negative. What a bank took back was cash. The gifts are locked as a purchase locks
    them, before the wallet.

    Returns: the credits to gifts, and the rest, which is the wallet's own money.
    """
    gifts = _gifts(order.id)
    _lock([gift.grant_id for gift in gifts])
    parts = split(order.price_cents - order.charged_back_cents, gifts, given, amount)
    lines = [credit(Account.WALLET_PROMO, cents, gift.grant_id) for gift, cents in zip(gifts, parts, strict=True)]
    return lines, amount - sum(parts)


def promo_held(order: Order) -> int:
    """How much of what is held of an order is promo money, in minor units."""
    return sum(gift.left for gift in _gifts(order.id))


def split(paid: int, gifts: Sequence[Gift], given: int, amount: int) -> list[int]:
    """How much of `amount` goes to each gift; the rest is cash, of which never more goes back than was paid.

    paid: the price less what a bank took; given: what went back of it before, to gifts and wallet together.
    """
    due = shares(paid, [gift.cents for gift in gifts], given + amount)
    parts, rest = [], amount
    for gift, cents in zip(gifts, due, strict=True):
        parts.append(min(max(0, cents - gift.returned), rest))
        rest -= parts[-1]
    cash_left = paid - sum(gift.cents for gift in gifts) - (given - sum(gift.returned for gift in gifts))
    for place, gift in enumerate(gifts):
        more = min(max(0, rest - cash_left), gift.left - parts[place])
        parts[place] += more
        rest -= more
    return parts


def shares(price: int, gifts: Sequence[int], given: int) -> list[int]:
    """How much of `given` belongs to each gift, rounded down; the cash part is the rest."""
    promo = sum(gifts)
    left, whole = given * promo // price if price else 0, promo
    parts = []
    for cents in gifts:
        part = left * cents // whole if whole else 0
        parts.append(part)
        left, whole = left - part, whole - cents
    return parts


def _lock(grant_ids: Sequence[UUID]) -> None:
    accounts = (
        select(LedgerAccount.id)
        .join(PromoGrant, PromoGrant.id == LedgerAccount.owner_id)
        .where(LedgerAccount.kind == Account.WALLET_PROMO, PromoGrant.id.in_(grant_ids))
        .order_by(PromoGrant.ends_at, PromoGrant.id)
    )
    if grant_ids:
        session().execute(accounts.with_for_update(of=LedgerAccount, key_share=True))


def _gifts(order_id: UUID) -> list[Gift]:
    spent = select(OrderPromo.grant_id, OrderPromo.cents).where(OrderPromo.order_id == order_id)
    rows = session().execute(spent.order_by(OrderPromo.grant_id)).all()
    back = _returned(order_id) if rows else {}
    return [Gift(row.grant_id, row.cents, back.get(row.grant_id, 0)) for row in rows]


def _returned(order_id: UUID) -> dict[UUID, int]:
    """What the order's entries, but for the one that spent it, have given back to each grant."""
    moved = (
        select(LedgerAccount.owner_id, func.sum(-LedgerPosting.amount))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .where(LedgerEntry.reference_id == order_id, LedgerEntry.kind != "hold")
        .where(LedgerAccount.kind == Account.WALLET_PROMO)
        .group_by(LedgerAccount.owner_id)
    )
    return {owner: int(cents) for owner, cents in session().execute(moved) if owner}
