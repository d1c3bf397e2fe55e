"""What a buyer says about its sales: reports one, corrects it, pays what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.orders.models import OrderState
from marketplace.orders.rules import changes_of
from marketplace.orders.sales import money, rules
from marketplace.orders.sales.errors import (
    CorrectionsOver,
    FirstSaleKnown,
    NotReportable,
    RepeatOver,
    ReversalOver,
    SaleClosed,
    SaleContested,
    SaleDiffers,
    WrongSale,
)
from marketplace.orders.sales.finding import Deal, deal_for, deal_of_sale
from marketplace.orders.sales.models import Sale, SaleState
from marketplace.orders.sales.waiting import await_report, stop_waiting
from marketplace.people import Power, Who

#: somewhere it is a day later already
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """A sale as its buyer tells it.

    Attributes:
        sold_at: when; now where it is not said.
        is_repeat: whether it follows an earlier sale to the same person; found out where it is not said.
        reference: the buyer's own number of it: the same again is the same sale.
    """

    amount: Money
    sold_at: datetime | None = None
    is_repeat: bool | None = None
    reference: str = ""


def report(who: Who, order_id: UUID, told: Report, *, via: str) -> Sale:
    """A lead became a customer. The agency has 72 hours to contest it; then the commission is taken.

    Args:
        via: by which way it came: `page`, `api` or `file`.

    Raises:
        NotFound, Forbidden, NotPerSale, NotReportable, SaleDiffers, FirstSaleKnown, RepeatOver, WrongSale.
    """
    who.need(Power.ORDERS_WRITE)
    deal = deal_for(who, order_id)
    if known := deal.by_reference(told.reference):
        return _same(known, told)
    if OrderState.REPORTED not in (deal.order.state, *changes_of(deal.order)):
        raise NotReportable
    sale = add_sale(deal, told, who, via=via)
    sale.answer_by = clock.now() + rules.ANSWER_TIME
    money.follow(deal.with_sale(sale))
    stop_waiting(deal.acquisition)
    _record("sale.reported", sale, who, cents=sale.amount_cents)
    return sale


def correct(who: Who, sale_id: UUID, amount: int, reason: str) -> Sale:
    """The sale was of another amount, in minor units; 0 when the customer gave everything back.

    Before the agency has agreed its time begins again, for 7 days at most from the first report that nobody answered,
    so that silence agrees in the end.
    Afterwards more is taken at once; less comes back at once while returns are possible, and the agency has 72 hours to
    contest that.

    Raises:
        NotFound, Forbidden, SaleContested, SaleClosed, CorrectionsOver, ReversalOver.
    """
    who.need(Power.ORDERS_WRITE)
    deal = deal_of_sale(who, sale_id)
    sale = deal.sale(sale_id)
    if sale.state == SaleState.CONTESTED:
        raise SaleContested
    if sale.state == SaleState.VOID:
        raise SaleClosed
    if sale.amount_cents == amount:
        return sale
    if not rules.is_correctable(sale, deal.sales, clock.now()):
        raise CorrectionsOver
    before = sale.amount_cents
    sale.change_reason, sale.answer_by = reason.strip(), clock.now() + rules.ANSWER_TIME
    if sale.state == SaleState.REPORTED:
        _correct_report(deal, sale, amount)
    else:
        _correct_agreed(deal, sale, amount, who)
    _record("sale.corrected", sale, who, before=before, after=amount)
    return sale


def pay(who: Who, sale_id: UUID) -> Sale:
    """Pay what is due now, as far as the wallet goes. Raises NotFound, Forbidden."""
    who.need(Power.ORDERS_WRITE)
    deal = deal_of_sale(who, sale_id)
    sale = deal.sale(sale_id)
    if sale.state == SaleState.COMMISSION_DUE:
        money.collect(deal, sale, by=who)
    return sale


def add_sale(deal: Deal, told: Report, who: Who, *, via: str) -> Sale:
    """A row for a sale that fits its order. Raises WrongSale, FirstSaleKnown, RepeatOver."""
    now, order = clock.now(), deal.order
    sold_at = told.sold_at or now
    if told.amount.currency != order.currency:
        raise WrongSale(fields={"amount": _("This order is in %(currency)s.", currency=order.currency)})
    if sold_at > now + _AHEAD or sold_at.date() < order.placed_at.date():
        raise WrongSale(fields={"at": _("Give a day from the purchase of the lead until today.")})
    sale = Sale(
        order_id=order.id,
        buyer_id=order.buyer_id,
        agency_id=order.agency_id,
        reference=told.reference,
        is_repeat=_is_repeat(deal, told, sold_at),
        state=SaleState.REPORTED,
        amount_cents=told.amount.amount,
        currency=order.currency,
        sold_at=sold_at,
        reported_at=now,
        reported_by=who.user_id,
        reported_via=via,
        commission_cents=deal.terms.of_sale(told.amount.amount),
        paid_cents=0,
        returned_cents=0,
        released_cents=0,
        commissions=0,
        reversals=0,
        releases=0,
        reversal_until=now + timedelta(days=deal.terms.reversal_days),
    )
    session().add(sale)
    session().flush()
    return sale


def _is_repeat(deal: Deal, told: Report, sold_at: datetime) -> bool:
    first = deal.first_sale
    if first is None:
        if told.is_repeat:
            raise WrongSale(fields={"repeat": _("No first sale of this lead is reported yet.")})
        return False
    until = rules.repeat_until(first.sold_at, deal.terms.repeat_months)
    if until is None or sold_at > until:
        raise RepeatOver
    if told.is_repeat is False:
        raise FirstSaleKnown
    return True


def _same(known: Sale, told: Report) -> Sale:
    """The sale that was reported before under this reference. Raises SaleDiffers."""
    is_same = known.amount == told.amount and told.is_repeat in (None, known.is_repeat)
    if not is_same or (told.sold_at and told.sold_at != known.sold_at):
        raise SaleDiffers
    return known


def _correct_report(deal: Deal, sale: Sale, amount: int) -> None:
    sale.amount_cents, sale.commission_cents = amount, deal.terms.of_sale(amount)
    if amount == 0:
        money.move_sale(sale, SaleState.VOID)
        money.follow(deal)
        await_report(deal)


def _correct_agreed(deal: Deal, sale: Sale, amount: int, who: Who) -> None:
    if deal.terms.of_sale(amount) < sale.commission_cents and clock.now() > sale.reversal_until:
        raise ReversalOver
    money.agree(deal, sale, amount, by=who)


def _record(name: str, sale: Sale, who: Who, **data: int) -> None:
    sides = [sale.buyer_id, sale.agency_id]
    record(name, sale.id, by=who, orgs=sides, order_id=str(sale.order_id), currency=sale.currency, **data)
