"""What follows a report: the agency agrees or contests, silence agrees, staff decide what is contested."""

from uuid import UUID

from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.orders.sales import money
from marketplace.orders.sales.errors import AnswerOver, NotInAudit, SaleChanged, SaleContested, WrongSale
from marketplace.orders.sales.finding import Deal, any_deal, deal_of_sale, judged_sale
from marketplace.orders.sales.models import Sale, SaleState
from marketplace.orders.sales.waiting import await_report
from marketplace.people import Power, Who


def accept(who: Who, sale_id: UUID, seen: Money | None = None) -> Sale:
    """The agency agrees: the commission is taken.

    Args:
        seen: what the sale came to when the agency read it, where it says so.

    Raises:
        NotFound, Forbidden, SaleContested. SaleChanged: it came to something else by now.
    """
    who.need(Power.LEADS_WRITE)
    deal = deal_of_sale(who, sale_id)
    sale = deal.sale(sale_id)
    if sale.state == SaleState.CONTESTED:
        raise SaleContested
    if sale.state == SaleState.REPORTED:
        if seen not in (None, sale.amount):
            raise SaleChanged(sale.amount)
        _agree(deal, sale, who)
    return sale


def contest(who: Who, sale_id: UUID, statement: str) -> Sale:
    """The agency says that a report, or a correction of one, is not right: staff decide.

    Raises:
        NotFound, Forbidden, AnswerOver.
    """
    who.need(Power.LEADS_WRITE)
    deal = deal_of_sale(who, sale_id)
    sale = deal.sale(sale_id)
    if sale.state == SaleState.CONTESTED:
        return sale
    if sale.state == SaleState.VOID or sale.answer_by is None or clock.now() > sale.answer_by:
        raise AnswerOver
    money.move_sale(sale, SaleState.CONTESTED)
    sale.contest = statement.strip()
    sale.answer_by = sale.releasable_at = sale.next_due_at = sale.stops_buying_at = None
    money.follow(deal)
    _record("sale.contested", sale, who)
    return sale


def accept_silent(order_id: UUID) -> None:
    """The agency let its time pass: what the buyer reported holds."""
    deal, now = any_deal(order_id), clock.now()
    for sale in deal.sales:
        if sale.state == SaleState.REPORTED and sale.answer_by and sale.answer_by <= now:
            _agree(deal, sale, SYSTEM)


def decide(who: Who, sale_id: UUID, amount: int, reasoning: str) -> Sale:
    """Staff say of what amount a contested sale was, in minor units; 0: there was none, or all of it came back.

    Raises:
        Forbidden, NotFound, OwnAudit, NotInAudit, WrongSale: less than what the agency has been paid for already.
    """
    deal = judged_sale(who, sale_id)
    sale = deal.sale(sale_id)
    if sale.state != SaleState.CONTESTED:
        raise NotInAudit
    if deal.terms.of_sale(amount) < sale.released_cents:
        raise WrongSale(fields={"amount": _("The agency has been paid for more than that already.")})
    sale.decided_at, sale.decided_by, sale.reasoning = clock.now(), who.user_id, reasoning.strip()
    if amount == 0 and sale.accepted_at is None:
        sale.amount_cents, sale.commission_cents = 0, 0
        money.move_sale(sale, SaleState.VOID)
        money.follow(deal)
        await_report(deal)
    else:
        money.agree(deal, sale, amount, by=who)
    _record("sale.decided", sale, who, cents=amount)
    return sale


def _agree(deal: Deal, sale: Sale, by: Actor) -> None:
    sale.answer_by = None
    money.agree(deal, sale, sale.amount_cents, by=by)
    _record("sale.accepted", sale, by, cents=sale.commission_cents)


def _record(name: str, sale: Sale, by: Actor, **data: int) -> None:
    sides = [sale.buyer_id, sale.agency_id]
    record(name, sale.id, by=by, orgs=sides, order_id=str(sale.order_id), currency=sale.currency, **data)
