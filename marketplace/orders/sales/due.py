"""What the clock has reached: which orders and sales are to be looked at now, and looking at one of them.

Each is looked at in a transaction of its own (`jobs.py`), locked, and read anew: whoever was faster leaves nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, or_, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount
from marketplace.orders.sales import answer, money, no_sale, waiting
from marketplace.orders.sales.finding import any_deal
from marketplace.orders.sales.models import Acquisition, Sale, SaleRelease, SaleState

_BATCH = 200
NOBODY = UUID(int=0)


def collect_due(order_id: UUID) -> None:
    """Take the parts of commissions whose day has come, and what was missing if there is money now."""
    deal, now = any_deal(order_id), clock.now()
    for sale in deal.sales:
        has_come = sale.next_due_at is not None and sale.next_due_at <= now
        if sale.state == SaleState.COMMISSION_DUE and (has_come or sale.stops_buying_at):
            money.collect(deal, sale)


def release_due(order_id: UUID) -> None:
    """Release commissions whose time for returns is over."""
    deal, now = any_deal(order_id), clock.now()
    for sale in deal.sales:
        is_agreed = sale.state in (SaleState.COMMISSION_DUE, SaleState.HELD)
        if is_agreed and sale.releasable_at and sale.releasable_at <= now and sale.held.amount:
            money.release(deal, sale)


def pay_reserves(order_id: UUID) -> None:
    """Pay the reserves whose time is over."""
    deal = any_deal(order_id)
    for sale in deal.sales:
        over = SaleRelease.sale_id == sale.id, SaleRelease.reserve_until <= clock.now()
        for kept_back in session().scalars(select(SaleRelease).where(*over, SaleRelease.reserve_paid.is_(False))):
            money.pay_reserve(sale, kept_back)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of looking: the orders that it concerns now, and what is done to one."""

    orders: Callable[[], Select[UUID]]
    act: Callable[[UUID], None]

    def after(self, order_id: UUID) -> Sequence[UUID]:
        """Up to 200 orders behind this one."""
        due = self.orders().subquery()
        ids = select(due.c.order_id).where(due.c.order_id > order_id).distinct().order_by(due.c.order_id)
        return session().scalars(ids.limit(_BATCH)).all()


def _silent_sales() -> Select[UUID]:
    return select(Sale.order_id).where(Sale.state == SaleState.REPORTED, Sale.answer_by <= clock.now())


def _silent_claims() -> Select[UUID]:
    return select(Acquisition.order_id).where(Acquisition.answer_by <= clock.now())


def _waiting() -> Select[UUID]:
    return select(Acquisition.order_id).where(Acquisition.next_step_at <= clock.now())


def _to_collect() -> Select[UUID]:
    """Parts whose day has come; unpaid ones only where there is money."""
    has_money = exists().where(
        LedgerAccount.kind == Account.WALLET_CASH,
        LedgerAccount.owner_id == Sale.buyer_id,
        LedgerAccount.currency == Sale.currency,
        LedgerAccount.balance > 0,
    )
    unpaid = Sale.stops_buying_at.is_not(None) & has_money
    return select(Sale.order_id).where(or_(Sale.next_due_at <= clock.now(), unpaid))


def _to_release() -> Select[UUID]:
    return select(Sale.order_id).where(Sale.releasable_at <= clock.now())


def _reserves() -> Select[UUID]:
    over = SaleRelease.reserve_until <= clock.now(), SaleRelease.reserve_paid.is_(False)
    return select(Sale.order_id).join(SaleRelease, SaleRelease.sale_id == Sale.id).where(*over)


STEPS: Mapping[str, Step] = {
    "agree": Step(_silent_sales, answer.accept_silent),
    "close": Step(_silent_claims, no_sale.close_silent),
    "wait": Step(_waiting, waiting.next_step),
    "collect": Step(_to_collect, collect_due),
    "release": Step(_to_release, release_due),
    "reserves": Step(_reserves, pay_reserves),
}
