"""What a dispute does to an order: the money stays where it is, goes back, or may go on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions.chargebacks import back_to_buyer
from marketplace.events import Actor, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.ledger import Account, about, debit, debt_first, post
from marketplace.orders import rules
from marketplace.orders.errors import NotDisputable, OrderFrozen, WindowClosed
from marketplace.orders.models import Order, OrderState
from marketplace.orders.promos import back_to_wallet
from marketplace.orders.queries import find_for
from marketplace.orders.rules import changes_of
from marketplace.orders.sales.finding import any_deal
from marketplace.orders.sales.money import return_deposit
from marketplace.people import Who

_ALL = 100


def dispute(who: Who, order_id: UUID) -> Order:
    """Stop the release of a buyer's order while it is disputed.

    Raises:
        NotFound, WindowClosed, NotDisputable.
    """
    order = find_for(who, order_id, lock=True)
    if order.buyer_id != who.org_id:
        raise NotDisputable
    if order.state == OrderState.RELEASED or clock.now() > order.window_ends_at:
        raise WindowClosed
    _move(order, OrderState.DISPUTED)
    return order


def contest(order_id: UUID) -> Order:
    """The buyer appeals: what is still held of its order stays so. Raises NotDisputable, OrderFrozen."""
    order = _locked(order_id)
    _move(order, OrderState.DISPUTED)
    return order


def reinstate(order_id: UUID, *, until: datetime | None = None) -> Order:
    """Nothing (more) is given back: the order is as before, and held money not released before `until`."""
    order = _locked(order_id)
    if order.state == OrderState.CHARGED_BACK:
        return order
    held = OrderState.PARTLY_REFUNDED if order.refunded_cents else OrderState.HELD
    _move(order, OrderState.ACQUIRED if order.is_per_sale else held)
    order.releasable_at = max(order.window_ends_at, until or order.window_ends_at)
    return order


def refund(order_id: UUID, percent: int, *, because: str, by: Actor, until: datetime) -> int:
    """Give 25, 50 or 100 % of the price back, less what went back before; return what goes now, in minor units.

    It goes to the gifts and, after what the buyer owes, to the wallet that it came from. A deposit goes back in full or
    not at all. Where a bank has taken a part of the price back, the share is of the rest; where it has taken all of it,
    nothing is left to move.

    Args:
        because: what decided it, as a key begins: `dispute:<id>` or `appeal:<id>`.
        until: what is left is not released before then.
    """
    order = _locked(order_id)
    if order.state == OrderState.CHARGED_BACK:
        return 0
    amount = max(0, rules.refund_of(order.paid_cents, percent) - order.refunded_cents)
    _move(order, OrderState.REFUNDED if percent == _ALL else OrderState.PARTLY_REFUNDED)
    order.refunded_cents += amount
    order.releasable_at = max(order.window_ends_at, until)
    session().flush()
    if order.is_per_sale:
        return_deposit(any_deal(order.id), by=by)
    elif amount:  # a share of what a bank has left may be nothing more
        _refund_price(order, amount, because, by)
    record("order.refunded", order.id, by=by, orgs=[order.buyer_id, order.agency_id], cents=amount)
    return amount


def award(order_id: UUID, percent: int, *, because: str, by: Actor) -> int:
    """The agency should have had more: pay it at our cost what it would have earned; return that, in minor units.

    The buyer keeps what it was given. What the agency was paid before in this way for the order counts. Of a deposit
    nothing: it is the agency's only when a sale is reported.

    Args:
        percent: the share of the price that should have gone back, below what did.
        because: as of `refund`.
    """
    order = _locked(order_id)
    if order.is_per_sale:
        return 0
    paid = order.paid_cents
    due, got = paid - rules.refund_of(paid, percent), paid - order.refunded_cents
    missing = rules.earned_of(due, order.fee_bp) - rules.earned_of(got, order.fee_bp)
    amount = max(0, missing - _awarded(order.id))
    accounts = Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE
    if amount:  # not when our fee is everything, nor when it was paid before
        post(
            "appeal_award",
            key=f"{because}:award",
            reference=order.id,
            currency=order.currency,
            lines=[
                debit(Account.GOODWILL_EXPENSE, amount),
                *debt_first(*accounts, order.agency_id, amount, order.currency),
            ],
            by=by,
        )
    record("order.awarded", order.id, by=by, orgs=[order.agency_id], cents=amount)
    return amount


def _awarded(order_id: UUID) -> int:
    """What the agency was paid at our cost for an order before, in minor units; the caller has locked it."""
    at_our_cost = Account.GOODWILL_EXPENSE
    return sum(line.amount for line in about(order_id) if line.kind == "appeal_award" and line.account is at_our_cost)


def _refund_price(order: Order, amount: int, because: str, by: Actor) -> None:
    to_gifts, to_wallet = back_to_wallet(order, order.refunded_cents - amount, amount)
    post(
        "refund",
        key=f"{because}:refund",
        reference=order.id,
        currency=order.currency,
        lines=[
            debit(Account.HELD, amount, order.id),
            *to_gifts,
            *back_to_buyer(order.buyer_id, to_wallet, order.currency),
        ],
        by=by,
    )


def _locked(order_id: UUID) -> Order:
    return session().scalars(fresh(select(Order).where(Order.id == order_id))).one()


def _move(order: Order, state: OrderState) -> None:
    if order.state == OrderState.FROZEN:
        raise OrderFrozen
    if state not in changes_of(order):
        raise NotDisputable
    order.state = state
