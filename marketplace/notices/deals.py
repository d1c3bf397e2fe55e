"""Letters about leads that are paid by the sale: one form, and a table of what each event says to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import cards
from marketplace.billing.card_wording import standing_of
from marketplace.billing.recharge_rules import Wait
from marketplace.kit.db import session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import format_money
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.orders import Order
from marketplace.orders.sales.models import Acquisition, Sale
from marketplace.orders.sales.rules import ANSWER_TIME, AUDIT_AFTER, GRACE
from marketplace.people import Power, queries

_BUYER, _AGENCY, _BOTH = ("buyer",), ("agency",), ("buyer", "agency")
_MAY_ACT = {"buyer": Power.ORDERS_WRITE, "agency": Power.LEADS_WRITE}


@dataclass(frozen=True, slots=True)
class News:
    """What a letter says: to whom, its title, a sentence, and the page that its button opens."""

    to: Sequence[str]
    title: Any
    words: Any
    act: Any


_HOURS = ANSWER_TIME // timedelta(hours=1)
#: of events whose subject is a sale
OF_SALES: Mapping[str, News] = {
    "sale.reported": News(
        _AGENCY,
        _l("A sale is reported"),
        _l(
            "Agree, or contest it within %(hours)s hours. No answer counts as agreement: the commission is then taken.",
            hours=_HOURS,
        ),
        _l("Read and answer"),
    ),
    "sale.corrected": News(
        _AGENCY,
        _l("A sale is corrected"),
        _l("The buyer says that the amount was different. You can contest it within %(hours)s hours.", hours=_HOURS),
        _l("Read and answer"),
    ),
    "sale.contested": News(
        _BUYER,
        _l("Your report is contested"),
        _l("The agency says that the sale was different. We are looking into it, and may ask you for proof."),
        _l("Read why"),
    ),
    "sale.decided": News(
        _BOTH, _l("A contested sale is decided"), _l("We have decided what the sale came to."), _l("Read the reasoning")
    ),
    "commission.unpaid": News(
        _BUYER,
        _l("A commission is due, and your wallet is empty"),
        _l(
            "Top up your wallet: it is then taken automatically. After %(days)s days you cannot buy until it is paid.",
            days=GRACE.days,
        ),
        _l("See what is due"),
    ),
}
#: of events whose subject is an order
OF_ORDERS: Mapping[str, News] = {
    "report.wanted": News(
        _BUYER,
        _l("How did it go with your lead?"),
        _l("Report the sale, or that there was none: then your deposit comes back."),
        _l("Say how it went"),
    ),
    "report.overdue": News(
        _BOTH,
        _l("A report is overdue"),
        _l(
            "Until it is sent, the buyer cannot take more leads paid by the sale. In %(days)s days we look into it.",
            days=AUDIT_AFTER.days,
        ),
        _l("Open the lead"),
    ),
    "no_sale.claimed": News(
        _AGENCY,
        _l("A buyer says that there was no sale"),
        _l("Agree, or contest it within %(hours)s hours. If you do not answer, the deposit goes back.", hours=_HOURS),
        _l("Read and answer"),
    ),
    "no_sale.contested": News(
        _BUYER,
        _l("The agency believes that there was a sale"),
        _l("We are looking into it, and may ask you for proof."),
        _l("Open the lead"),
    ),
    "audit.opened": News(
        _BUYER,
        _l("We look into a lead without a report"),
        _l("No report came in time. You can still report the sale, or say that there was none."),
        _l("Say how it went"),
    ),
    "audit.decided": News(
        _BOTH,
        _l("It is decided whether there was a sale"),
        _l("We have decided about a lead paid by the sale."),
        _l("Open the lead"),
    ),
}
NEWS: Mapping[str, News] = {**OF_SALES, **OF_ORDERS}


def tell(event: str, subject_id: UUID) -> None:
    """Write the letters of an event to those of each side who may act on it."""
    news, event_id = NEWS[event], last_event(subject_id, event)
    order, facts, paths = _of_sale(subject_id) if event in OF_SALES else _of_order(subject_id, event)
    if event == "commission.unpaid":
        news = replace(news, words=_way_to_pay(order) or news.words)
    for side in news.to:
        org_id = order.buyer_id if side == "buyer" else order.agency_id
        for to in queries.addressees(org_id, _MAY_ACT[side]):
            write("deal_news", to, event_id, news=news, facts=facts, path=paths[side])


def _of_sale(sale_id: UUID) -> tuple[Order, list[tuple[Any, Any]], dict[str, str]]:
    statement = select(Order, Sale).join(Sale, Sale.order_id == Order.id).where(Sale.id == sale_id)
    order, sale = session().execute(statement).one()
    path = f"/sales/{sale.id}"
    facts = [(_l("Sale"), sale.amount), (_l("Commission"), sale.commission), (_l("Paid"), sale.paid)]
    return order, facts, dict.fromkeys(_BOTH, path)


def _of_order(order_id: UUID, event: str) -> tuple[Order, list[tuple[Any, Any]], dict[str, str]]:
    statement = select(Order, Acquisition).join(Acquisition, Acquisition.order_id == Order.id)
    order, acquisition = session().execute(statement.where(Order.id == order_id)).one()
    facts = [(_l("Deposit"), order.price), (_l("Report due"), acquisition.report_due_at)]
    is_claim = event == "no_sale.claimed"
    of_agency = f"/sales/claims/{order.id}" if is_claim else f"/leads/{order.lead_id}"
    return order, facts, {"buyer": f"/orders/{order.id}/sale", "agency": of_agency}


def _way_to_pay(order: Order) -> Any:
    """Where the wallet fills itself: that it does, or what keeps it from it; None where it was never set to."""
    line = cards.recharge_of(order.buyer_id, order.currency)
    if line is None or not line.recharge.is_on:
        return None
    if line.recharge.pause is None and line.wait in (None, Wait.CHARGING):
        return _l(
            "You need not do anything: your wallet fills itself with %(amount)s from the card that ends in %(last4)s, "
            "and the commission is taken from that. After %(days)s days you cannot buy until it is paid.",
            days=GRACE.days,
            amount=format_money(line.recharge.amount),
            last4=line.card.last4,
        )
    standing = standing_of(line)
    return _l(
        "Your wallet does not fill itself now. %(why)s %(act)s If you top up by hand, the commission is taken "
        "automatically. After %(days)s days you cannot buy until it is paid.",
        days=GRACE.days,
        why=standing.why,
        act=standing.act,
    )
