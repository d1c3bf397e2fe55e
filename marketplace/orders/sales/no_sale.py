"""A lead did not become a customer: the buyer says so, the agency may contest it, staff decide what is audited."""

from uuid import UUID

from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.orders.models import Order, OrderState
from marketplace.orders.sales import money
from marketplace.orders.sales.errors import AnswerOver, NoClaimNow, NotInAudit
from marketplace.orders.sales.finding import Deal, any_deal, deal_for, judged_deal
from marketplace.orders.sales.models import NoSale, Sale
from marketplace.orders.sales.report import Report, add_sale
from marketplace.orders.sales.rules import ANSWER_TIME
from marketplace.orders.sales.waiting import begin_audit, stop_waiting
from marketplace.people import Power, Who


def claim_no_sale(who: Who, order_id: UUID, reason: NoSale, note: str = "") -> Order:
    """The buyer says that there was no sale; uncontested for 72 hours the deposit goes back.

    In an audit it is what the buyer has to say, and staff decide. The same again changes nothing.

    Raises:
        NotFound, Forbidden, NotPerSale, NoClaimNow.
    """
    who.need(Power.ORDERS_WRITE)
    deal = deal_for(who, order_id)
    order, acquisition = deal.order, deal.acquisition
    if order.state == OrderState.NO_SALE_CLAIMED:
        return order
    if order.state not in (OrderState.ACQUIRED, OrderState.OVERDUE, OrderState.AUDIT):
        raise NoClaimNow
    acquisition.no_sale, acquisition.no_sale_note, acquisition.no_sale_at = reason, note.strip(), clock.now()
    if order.state != OrderState.AUDIT:
        money.move_order(order, OrderState.NO_SALE_CLAIMED)
        stop_waiting(acquisition)
        acquisition.answer_by = clock.now() + ANSWER_TIME
        _record("no_sale.claimed", deal, who, reason=reason.value)
    return order


def agree_no_sale(who: Who, order_id: UUID) -> Order:
    """The agency does not contest it: the deposit goes back at once. Raises NotFound, Forbidden, NotPerSale."""
    who.need(Power.LEADS_WRITE)
    deal = deal_for(who, order_id)
    if deal.order.state == OrderState.NO_SALE_CLAIMED:
        _close(deal, who)
    return deal.order


def contest_no_sale(who: Who, order_id: UUID, statement: str) -> Order:
    """The agency believes that there was a sale: staff look into it.

    Raises:
        NotFound, Forbidden, NotPerSale, AnswerOver.
    """
    who.need(Power.LEADS_WRITE)
    deal = deal_for(who, order_id)
    if deal.order.state == OrderState.AUDIT and deal.acquisition.contest:
        return deal.order
    by = deal.acquisition.answer_by
    if deal.order.state != OrderState.NO_SALE_CLAIMED or by is None or clock.now() > by:
        raise AnswerOver
    deal.acquisition.contest = statement.strip()
    begin_audit(deal)
    _record("no_sale.contested", deal, who)
    return deal.order


def close_silent(order_id: UUID) -> None:
    """The agency let its time pass: there was no sale."""
    deal = any_deal(order_id)
    by = deal.acquisition.answer_by
    if deal.order.state == OrderState.NO_SALE_CLAIMED and by and by <= clock.now():
        _close(deal, SYSTEM)


def decide_no_sale(who: Who, order_id: UUID, reasoning: str) -> Order:
    """Staff found no sale: the deposit goes back. Raises Forbidden, NotFound, OwnAudit, NotInAudit."""
    deal = _audited(who, order_id, reasoning)
    _close(deal, who)
    _record("audit.decided", deal, who, outcome="no_sale")
    return deal.order


def decide_sale(who: Who, order_id: UUID, told: Report, reasoning: str) -> Sale:
    """Staff found a sale: its commission is taken at once.

    Raises:
        Forbidden, NotFound, OwnAudit, NotInAudit, WrongSale.
    """
    deal = _audited(who, order_id, reasoning)
    sale = add_sale(deal, told, who, via="staff")
    stop_waiting(deal.acquisition)
    money.agree(deal.with_sale(sale), sale, sale.amount_cents, by=who)
    _record("audit.decided", deal, who, outcome="sale")
    return sale


def _audited(who: Who, order_id: UUID, reasoning: str) -> Deal:
    deal = judged_deal(who, order_id)
    if deal.order.state != OrderState.AUDIT:
        raise NotInAudit
    acquisition = deal.acquisition
    acquisition.decided_at, acquisition.decided_by, acquisition.reasoning = clock.now(), who.user_id, reasoning.strip()
    return deal


def _close(deal: Deal, by: Actor) -> None:
    money.move_order(deal.order, OrderState.CLOSED_NO_SALE)
    stop_waiting(deal.acquisition)
    money.return_deposit(deal, by=by)
    _record("no_sale.closed", deal, by)


def _record(name: str, deal: Deal, by: Actor, **data: str) -> None:
    order = deal.order
    record(name, order.id, by=by, orgs=[order.buyer_id, order.agency_id], **data)
