"""Money leaves the hold when its time has come: to the agency, less the fee; later the reserve too."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.ledger import Account, credit, debit, post
from marketplace.orders import rules
from marketplace.orders.models import Order, OrderState

_BATCH = 100


def release_due() -> int:
    """Release up to 100 orders whose window is over and that no dispute stops; return how many."""
    due = (
        select(Order)
        .where(Order.state.in_((OrderState.HELD, OrderState.PARTLY_REFUNDED)), Order.releasable_at <= clock.now())
        .order_by(Order.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    orders = session().scalars(due).all()
    for order in orders:
        _release(order)
    return len(orders)


def pay_reserves() -> int:
    """Pay up to 100 reserves whose time is over to their agencies; return how many."""
    due = (
        select(Order)
        .where(
            Order.state == OrderState.RELEASED,
            Order.reserve_paid.is_(False),
            Order.reserve_until <= clock.now(),
        )
        .order_by(Order.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    orders = session().scalars(due).all()
    for order in orders:
        _pay_reserve(order)
    return len(orders)


def _release(order: Order) -> None:
    held = order.held.amount
    parts = rules.release_of(held, order.fee_bp, order.reserve_bp)
    order.state = OrderState.RELEASED
    order.released_at = clock.now()
    order.reserve_until = order.released_at + timedelta(days=order.reserve_days)
    order.reserve_paid = parts.reserve == 0
    session().flush()
    post(
        "release",
        key=f"order:{order.id}:release",
        reference=order.id,
        currency=order.currency,
        lines=[
            debit(Account.HELD, held, order.id),
            credit(Account.FEE_REVENUE, parts.fee),
            credit(Account.SUPPLIER_RESERVE, parts.reserve, order.id),
            credit(Account.SUPPLIER_PAYABLE, parts.payable, order.agency_id),
        ],
        by=SYSTEM,
    )
    record("order.released", order.id, by=SYSTEM, orgs=[order.buyer_id, order.agency_id], cents=parts.payable)


def _pay_reserve(order: Order) -> None:
    parts = rules.release_of(order.price_cents - order.refunded_cents, order.fee_bp, order.reserve_bp)
    order.reserve_paid = True
    session().flush()
    post(
        "reserve_release",
        key=f"order:{order.id}:reserve",
        reference=order.id,
        currency=order.currency,
        lines=[
            debit(Account.SUPPLIER_RESERVE, parts.reserve, order.id),
            credit(Account.SUPPLIER_PAYABLE, parts.reserve, order.agency_id),
        ],
        by=SYSTEM,
    )
