"""A lead turns out to be a fake after its money was released: two members of staff take it back for the buyer.

The agency gives what it got, from the order's reserve first, then from what it is owed; the rest it owes us. We give
our fee.
"""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions.chargebacks import back_to_buyer
from marketplace.billing.models import Proposal
from marketplace.billing.proposals import Act, Draft, act
from marketplace.events import record
from marketplace.kit.db import fresh, session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.ledger import Account, Line, debit, locked_balances, taken_from
from marketplace.orders import rules
from marketplace.orders.errors import NotClawedBack
from marketplace.orders.models import Order, OrderState
from marketplace.orders.promos import back_to_wallet
from marketplace.people import Who


def draft(proposal: Proposal) -> Draft:
    """The entry that takes the proposal's amount back. Raises NotClawedBack."""
    order, amount = _released(proposal.subject_id), proposal.amount_cents
    if amount > order.released_cents - order.clawed_back_cents:
        raise NotClawedBack
    to_gifts, to_wallet = back_to_wallet(order, order.refunded_cents + order.clawed_back_cents, amount)
    fee = rules.fee_part(order.clawed_back_cents, amount, order.fee_bp)
    return Draft(
        "claw_back",
        f"order:{order.id}:claw_back:{proposal.id}",
        order.id,
        [
            *_from_agency(order, amount - fee),
            debit(Account.FEE_REVENUE, fee),
            *to_gifts,
            *back_to_buyer(order.buyer_id, to_wallet, order.currency),
        ],
    )


def carried_out(proposal: Proposal, who: Who) -> None:
    """The order remembers what was taken back; with everything taken back it is over."""
    order = _released(proposal.subject_id)
    order.clawed_back_cents += proposal.amount_cents
    if order.clawed_back_cents == order.released_cents:
        order.state = OrderState.CLAWED_BACK
    record("order.clawed_back", order.id, by=who, orgs=proposal.org_ids, cents=proposal.amount_cents)


def _from_agency(order: Order, amount: int) -> list[Line]:
    places = (Account.SUPPLIER_RESERVE, order.id), (Account.SUPPLIER_PAYABLE, order.agency_id)
    lines, owed = taken_from(places, amount, locked_balances(places, order.currency))
    return [*lines, debit(Account.SUPPLIER_RECEIVABLE, owed, order.agency_id)]


def _parties(proposal: Proposal) -> list[UUID]:
    order = _released(proposal.subject_id)
    return [order.buyer_id, order.agency_id]


def _released(order_id: UUID) -> Order:
    order = session().scalars(fresh(select(Order).where(Order.id == order_id))).first()
    if order is None or order.is_per_sale or order.state != OrderState.RELEASED:
        raise NotClawedBack
    return order


act("claw_back", Act(_l("Take the money of a fake lead back"), draft, _parties, carried_out))
