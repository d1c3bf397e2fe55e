"""A bank takes a buyer's payment back: first the wallet answers for it, then what is held of the buyer's orders.

Deposits stay where they are, behind what the buyer has agreed to; what comes back of one finds the debt first.

What went to agencies stays theirs: only a lead that is proven a fake is taken back from its agency (`claw_back`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import func, select

from marketplace.billing import BankDispute, Chargeback, ChargebackState, handles
from marketplace.billing.actions import chargebacks
from marketplace.catalog import Pricing
from marketplace.events import SYSTEM, history, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.leads.contact import LETTER, RECHECK
from marketplace.leads.models import ContactRead
from marketplace.orders.models import ANSWERING, HELD_CENTS, Order, OrderPromo, OrderState
from marketplace.orders.promos import promo_held
from marketplace.people import Power, Who


@handles(
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
    look=lambda gateway, dispute_id: gateway.chargebacks.get(dispute_id),
)
def settle_chargeback(found: BankDispute) -> None:
    """Bring a chargeback to where it stands at the bank; the same again changes nothing."""
    row = chargebacks.known(found)
    if row is None:
        return
    if chargebacks.has_taken(found) and not row.is_booked and row.is_open:
        candidates = _orders_worth(row)  # locked before the wallet, as everywhere
        _freeze(row, candidates, chargebacks.open_(row))
    leads_to = chargebacks.follow(row, found)
    if row.is_open and leads_to == ChargebackState.WON:
        chargebacks.win(row)
        _thaw(row)
    elif row.is_open and leads_to == ChargebackState.LOST and row.is_booked:
        frozen = _frozen(row)  # locked before the wallet, as everywhere
        chargebacks.lose(row, partial(_forfeit, frozen))
        _thaw(row)


@dataclass(frozen=True, slots=True)
class Use:
    """What a buyer did with its money since a moment: leads bought, when first and last, contacts opened."""

    bought: int
    first_at: datetime | None
    last_at: datetime | None
    opened: int


def use_since(who: Who, buyer_id: UUID, since: datetime) -> Use:
    """For staff who answer a bank: what our records say, no more. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    placed = select(func.count(), func.min(Order.placed_at), func.max(Order.placed_at)).where(
        Order.buyer_id == buyer_id, Order.placed_at >= since
    )
    opened = select(func.count()).where(
        ContactRead.org_id == buyer_id, ContactRead.at >= since, ContactRead.via.not_in([RECHECK, LETTER])
    )
    bought, first_at, last_at = session().execute(placed).one()
    return Use(bought, first_at, last_at, session().execute(opened).scalar_one())


def _orders_worth(row: Chargeback) -> Sequence[Order]:
    """The buyer's newest orders of which its own money is held, as many as could be needed; locked."""
    gifts = select(func.coalesce(func.sum(OrderPromo.cents), 0)).where(OrderPromo.order_id == Order.id)
    held = select(Order.id, HELD_CENTS - gifts.scalar_subquery()).where(
        Order.buyer_id == row.org_id,
        Order.pricing == Pricing.PER_LEAD,
        Order.state.in_(ANSWERING),
        Order.currency == row.currency,
    )
    needed, ids = row.amount_cents, []
    for order_id, cents in session().execute(held.order_by(Order.id.desc())):
        if needed <= 0:
            break
        ids.append(order_id)
        needed -= max(0, int(cents))
    found = session().scalars(fresh(select(Order).where(Order.id.in_(ids)).order_by(Order.id)))
    return [order for order in found if order.state in ANSWERING][::-1]


def _freeze(row: Chargeback, candidates: Sequence[Order], uncovered: int) -> None:
    for order in candidates:
        if uncovered <= 0:
            return
        cash = order.held.amount - promo_held(order)
        if not cash:
            continue  # no debt is paid with promo money
        uncovered -= cash
        order.frozen_from, order.frozen_by, order.state = order.state, row.id, OrderState.FROZEN
        record("order.frozen", order.id, by=SYSTEM, orgs=[order.buyer_id, order.agency_id])


def _forfeit(frozen: Sequence[Order], needed: int) -> list[tuple[UUID, int]]:
    """Take what is still needed from the frozen orders, the newest first."""
    taken = []
    for order in frozen[::-1]:
        cents = min(needed, order.held.amount - promo_held(order))  # no debt is paid with promo money
        order.charged_back_cents += cents
        needed -= cents
        taken.append((order.id, cents))
    return [(order_id, cents) for order_id, cents in taken if cents]


def _thaw(row: Chargeback) -> None:
    """Orders go on where they were, with the time that was left to them; one of which nothing is left is over."""
    for order in _frozen(row):
        _give_time_back(order)
        order.state, order.frozen_from, order.frozen_by = order.frozen_from or OrderState.HELD, None, None
        if not order.held.amount:
            order.state = OrderState.CHARGED_BACK
            record("order.charged_back", order.id, by=SYSTEM, orgs=[order.buyer_id, order.agency_id])
        else:
            record("order.thawed", order.id, by=SYSTEM, orgs=[order.buyer_id, order.agency_id])
    session().flush()


def _give_time_back(order: Order) -> None:
    """While a bank holds an order its clock stands still: what could be appealed then can be appealed as long now."""
    frozen_at = history(order.id, "order.frozen")[-1].at
    if order.releasable_at > frozen_at:
        order.releasable_at += clock.now() - frozen_at


def _frozen(row: Chargeback) -> Sequence[Order]:
    frozen = select(Order).where(Order.frozen_by == row.id, Order.state == OrderState.FROZEN)
    return session().scalars(fresh(frozen.order_by(Order.id))).all()
