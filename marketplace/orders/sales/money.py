"""The money of sales: a commission is paid into the hold, comes back, or goes on to the agency; deposits end.

Every function works on a deal whose order is locked, inside the transaction of the act that it belongs to.
"""

from datetime import timedelta
from uuid import UUID

from marketplace.billing.actions.chargebacks import back_to_buyer
from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.ledger import Account, balance, credit, debit, debt_first, locked_balances, post, taken_from
from marketplace.orders.models import Order, OrderState
from marketplace.orders.rules import changes_of
from marketplace.orders.sales import rules
from marketplace.orders.sales.errors import WrongMoment
from marketplace.orders.sales.finding import Deal
from marketplace.orders.sales.models import Sale, SaleRelease, SaleState


def agree(deal: Deal, sale: Sale, amount: int, *, by: Actor) -> None:
    """What was sold is settled: work out the commission, give back what was paid too much, take what is due.

    amount: of the sale, in minor units; 0 when the customer gave everything back.
    """
    now, commission = clock.now(), deal.terms.of_sale(amount)
    surplus = max(0, sale.kept_cents - commission)
    sale.accepted_at = sale.accepted_at or now
    sale.amount_cents, sale.commission_cents = amount, commission
    if surplus:
        _give_back(sale, surplus, by)
    collect(deal, sale, by=by)


def collect(deal: Deal, sale: Sale, *, by: Actor = SYSTEM) -> int:
    """Take what is to be paid by now from the deposit, then from the wallet; what is not there stays due.

    Returns: what was paid, in minor units.
    """
    now = clock.now()
    payable, sale.next_due_at = rules.payable_by(
        sale.commission_cents, deal.terms.instalments, sale.accepted_at or now, now
    )
    missing = max(0, payable - sale.kept_cents)
    paid = _pay(deal.order, sale, missing, by) if missing else 0
    _remember_unpaid(sale, missing - paid)
    if sale.kept_cents == sale.commission_cents:
        sale.next_due_at = None
    place(deal, sale)
    return paid


def place(deal: Deal, sale: Sale) -> None:
    """Put an agreed sale, and its order with it, where their money is."""
    move_sale(sale, rules.sale_state(sale.amount_cents, sale.commission_cents, sale.kept_cents, sale.released_cents))
    sale.releasable_at = sale.reversal_until if sale.held.amount else None
    follow(deal)


def follow(deal: Deal) -> None:
    """Put the order where its least settled sale is; settled, what is left of the deposit goes back."""
    states = deal.states
    move_order(deal.order, rules.order_state(states, is_closed=deal.acquisition.deposit_back))
    if any(state != SaleState.VOID for state in states) and rules.is_settled(states):
        return_deposit(deal)


def release(deal: Deal, sale: Sale) -> None:
    """The time for returns is over: what is held of the commission goes to the agency, less fee and reserve."""
    order, cents = deal.order, sale.held.amount
    parts = rules.release_part(sale.released_cents, cents, order.fee_bp, order.reserve_bp)
    now = clock.now()
    sale.releases += 1
    sale.released_cents += cents
    place(deal, sale)
    session().add(
        SaleRelease(
            sale_id=sale.id,
            number=sale.releases,
            cents=cents,
            reserve_cents=parts.reserve,
            released_at=now,
            reserve_until=now + timedelta(days=order.reserve_days),
            reserve_paid=parts.reserve == 0,
        )
    )
    session().flush()
    post(
        "release",
        key=f"sale:{sale.id}:release:{sale.releases}",
        reference=sale.id,
        currency=sale.currency,
        lines=[
            debit(Account.HELD, cents, sale.id),
            credit(Account.FEE_REVENUE, parts.fee),
            credit(Account.SUPPLIER_RESERVE, parts.reserve, sale.id),
            *debt_first(
                Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE, sale.agency_id, parts.payable, sale.currency
            ),
        ],
        by=SYSTEM,
    )
    record("commission.released", sale.id, by=SYSTEM, orgs=_sides(sale), cents=parts.payable)


def pay_reserve(sale: Sale, kept_back: SaleRelease) -> None:
    """The time of a reserve is over: it becomes the agency's."""
    kept_back.reserve_paid = True
    session().flush()
    post(
        "reserve_release",
        key=f"sale:{sale.id}:reserve:{kept_back.number}",
        reference=sale.id,
        currency=sale.currency,
        lines=[
            debit(Account.SUPPLIER_RESERVE, kept_back.reserve_cents, sale.id),
            *debt_first(
                Account.SUPPLIER_RECEIVABLE,
                Account.SUPPLIER_PAYABLE,
                sale.agency_id,
                kept_back.reserve_cents,
                sale.currency,
            ),
        ],
        by=SYSTEM,
    )


def return_deposit(deal: Deal, *, by: Actor = SYSTEM) -> None:
    """What is left of the deposit goes back to the buyer; done once, however often it is asked for."""
    order = deal.order
    if deal.acquisition.deposit_back:
        return
    deal.acquisition.deposit_back = True
    session().flush()
    left = balance(Account.ORDER_DEPOSIT, order.id, order.currency)
    if not left:
        return
    post(
        "deposit_return",
        key=f"order:{order.id}:deposit_return",
        reference=order.id,
        currency=order.currency,
        lines=[debit(Account.ORDER_DEPOSIT, left, order.id), *back_to_buyer(order.buyer_id, left, order.currency)],
        by=by,
    )
    record("deposit.returned", order.id, by=by, orgs=[order.buyer_id, order.agency_id], cents=left)


def move_sale(sale: Sale, state: SaleState) -> None:
    """Raises WrongMoment."""
    if state != sale.state and state not in rules.ALLOWED[SaleState(sale.state)]:
        raise WrongMoment
    sale.state = state


def move_order(order: Order, state: OrderState) -> None:
    """Raises WrongMoment."""
    if state != order.state and state not in changes_of(order):
        raise WrongMoment
    order.state = state


def _pay(order: Order, sale: Sale, wanted: int, by: Actor) -> int:
    places = (Account.ORDER_DEPOSIT, order.id), (Account.WALLET_CASH, order.buyer_id)
    lines, not_there = taken_from(places, wanted, locked_balances(places, order.currency))
    paid = wanted - not_there
    if not paid:
        return 0
    sale.commissions += 1
    sale.paid_cents += paid
    session().flush()
    post(
        "commission",
        key=f"sale:{sale.id}:commission:{sale.commissions}",
        reference=sale.id,
        currency=sale.currency,
        lines=[*lines, credit(Account.HELD, paid, sale.id)],
        by=by,
    )
    record("commission.paid", sale.id, by=by, orgs=_sides(sale), cents=paid)
    return paid


def _give_back(sale: Sale, cents: int, by: Actor) -> None:
    sale.reversals += 1
    sale.returned_cents += cents
    session().flush()
    post(
        "sale_reversal",
        key=f"sale:{sale.id}:reversal:{sale.reversals}",
        reference=sale.id,
        currency=sale.currency,
        lines=[debit(Account.HELD, cents, sale.id), *back_to_buyer(sale.buyer_id, cents, sale.currency)],
        by=by,
    )
    record("commission.returned", sale.id, by=by, orgs=_sides(sale), cents=cents)


def _remember_unpaid(sale: Sale, cents: int) -> None:
    """Unpaid commissions start the clock after which the buyer cannot buy; payment stops it."""
    if not cents:
        sale.stops_buying_at = None
    elif sale.stops_buying_at is None:
        sale.stops_buying_at = clock.now() + rules.GRACE
        record("commission.unpaid", sale.id, by=SYSTEM, orgs=_sides(sale), cents=cents)


def _sides(sale: Sale) -> list[UUID]:
    return [sale.buyer_id, sale.agency_id]
