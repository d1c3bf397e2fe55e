"""Money leaves the hold when its time has come: to the agency, less the fee; later the reserve too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, select, tuple_

from marketplace.catalog import Pricing
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Refusal
from marketplace.ledger import Account, Line, balance, credit, debit, debt_first, post
from marketplace.orders import rules
from marketplace.orders.models import Order, OrderState

_BATCH = 100
_NOBODY = UUID(int=0)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far a sweep over due orders has come; agencies in order, so that two sweeps never wait for each other."""

    agency_id: UUID = _NOBODY
    order_id: UUID = _NOBODY


def release_due(after: Sweep) -> Sweep | None:
    """Release the next orders whose window is over and that no dispute stops; None when there are no more."""
    due = (
        Order.pricing == Pricing.PER_LEAD,
        Order.state.in_((OrderState.HELD, OrderState.PARTLY_REFUNDED)),
        Order.releasable_at <= clock.now(),
    )
    return _each(select(Order).where(*due), after, _release)


def pay_reserves(after: Sweep) -> Sweep | None:
    """Pay the next reserves whose time is over to their agencies; None when there are no more."""
    due = (
        Order.pricing == Pricing.PER_LEAD,
        Order.state == OrderState.RELEASED,
        Order.reserve_paid.is_(False),
        Order.reserve_until <= clock.now(),
    )
    return _each(select(Order).where(*due), after, _pay_reserve)


def _each(due: Select[Order], after: Sweep, act: Callable[[Order], None]) -> Sweep | None:
    """Act on up to 100 orders; one that the ledger refuses stays for people to look at and stops no other."""
    behind = tuple_(Order.agency_id, Order.id) > tuple_(after.agency_id, after.order_id)
    batch = due.where(behind).order_by(Order.agency_id, Order.id).limit(_BATCH).with_for_update(skip_locked=True)
    orders = session().scalars(batch.execution_options(populate_existing=True)).all()
    for order in orders:
        try:
            with session().begin_nested():
                act(order)
        except Refusal as why:
            log.error("order.not_paid_out", order=str(order.id), why=why.code)  # noqa: TRY400  # the code says it all
    return Sweep(orders[-1].agency_id, orders[-1].id) if orders else None


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
            *_to_agency(order, parts.payable),
        ],
        by=SYSTEM,
    )
    record("order.released", order.id, by=SYSTEM, orgs=[order.buyer_id, order.agency_id], cents=parts.payable)


def _pay_reserve(order: Order) -> None:
    kept = balance(Account.SUPPLIER_RESERVE, order.id, order.currency)  # less than at first when some was taken back
    order.reserve_paid = True
    session().flush()
    if not kept:
        return
    post(
        "reserve_release",
        key=f"order:{order.id}:reserve",
        reference=order.id,
        currency=order.currency,
        lines=[
            debit(Account.SUPPLIER_RESERVE, kept, order.id),
            *_to_agency(order, kept),
        ],
        by=SYSTEM,
    )


def _to_agency(order: Order, amount: int) -> list[Line]:
    """An agency that owes us something repays it from what it earns."""
    accounts = Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE
    return debt_first(*accounts, order.agency_id, amount, order.currency)
