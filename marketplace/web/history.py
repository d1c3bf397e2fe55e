"""What happened to an order, newest first, told in plain sentences from the record of events."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from marketplace import events
from marketplace.disputes import Dispute
from marketplace.events import Event
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.orders import Order, OrderLine
from marketplace.orders.models import UNSETTLED
from marketplace.orders.outcomes.wording import STAGE_NAMES
from marketplace.orders.sales import deals
from marketplace.web.shapes import when

_Told = Callable[[Event, Order], str]


def history_of(line: OrderLine, dispute: Dispute | None) -> list[dict[str, Any]]:
    """The steps for a timeline: what is still to come first, then back to the person's question."""
    order, lead = line.order, line.lead
    about = [order.id, *([dispute.id] if dispute else [])]
    about += [sale.id for sale in deals.standing_of(order).sales] if order.is_per_sale else []
    happened = events.history_of_all(about)
    told = [(event.at, _TOLD[event.name](event, order)) for event in happened if event.name in _TOLD]
    told += [(lead.received_at, _("Checked and put on sale")), (lead.submitted_at, _("The person asked for an offer"))]
    newest_first = sorted(told, key=lambda step: step[0], reverse=True)
    return [*_to_come(order), *({"title": title, "note": when(at)} for at, title in newest_first)]


def _to_come(order: Order) -> list[dict[str, Any]]:
    if order.state == "disputed":
        return [{"title": _("Decision about the dispute"), "note": _("the money stays held until then"), "now": True}]
    if order.state in UNSETTLED and not order.is_per_sale:
        return [{"title": _("The money goes to the agency"), "note": when(_goes_at(order)), "now": True}]
    return []


def _goes_at(order: Order) -> datetime:
    return max(order.window_ends_at, order.releasable_at)


def _amount(sentence: str) -> _Told:
    return lambda event, order: str(_(sentence, amount=Money(event.data["cents"], order.currency)))


def _refunded(event: Event, order: Order) -> str:
    return str(_("%(amount)s given back", amount=Money(event.data["cents"], order.currency)))


def _bought(event: Event, _order: Order) -> str:
    return str(_("Bought by a program, with an API key") if event.via == "api" else _("Bought"))


def _reached(event: Event, _order: Order) -> str:
    return str(_("You reported: %(stage)s", stage=STAGE_NAMES[event.data["stage"]]))


def _says(sentence: str) -> _Told:
    return lambda _event, _order: str(_(sentence))


_TOLD: Mapping[str, _Told] = {
    "order.placed": _bought,
    "order.refunded": _refunded,
    "order.released": _says(_n("Kept: the money went to the agency")),
    "outcome.reported": _reached,
    "report.wanted": _says(_n("Reminded: how did it go?")),
    "report.overdue": _says(_n("The report is overdue")),
    "audit.opened": _says(_n("Staff look into it")),
    "audit.decided": _says(_n("Staff have decided")),
    "no_sale.claimed": _says(_n("No sale, you said")),
    "no_sale.contested": _says(_n("The agency contests that there was no sale")),
    "no_sale.closed": _says(_n("Closed without a sale")),
    "deposit.returned": _amount(_n("%(amount)s of the deposit given back")),
    "sale.reported": _amount(_n("A sale of %(amount)s reported")),
    "sale.corrected": _says(_n("A sale corrected")),
    "sale.contested": _says(_n("The agency contests a sale")),
    "sale.decided": _says(_n("Staff decided about a sale")),
    "commission.paid": _amount(_n("%(amount)s of commission paid")),
    "commission.returned": _amount(_n("%(amount)s of commission given back")),
    "commission.released": _says(_n("A commission went to the agency")),
    "dispute.opened": _says(_n("Disputed")),
    "dispute.answered": _says(_n("The agency answered")),
    "dispute.voided": _says(_n("Void, with all of its batch")),
    "dispute.correction_offered": _says(_n("The agency offered a correction")),
    "dispute.correction_tried": _says(_n("The correction was looked at")),
    "dispute.correction_failed": _says(_n("The correction does not work either")),
    "dispute.correction_lapsed": _says(_n("Nothing came of the correction")),
    "dispute.corrected": _says(_n("Corrected; the dispute is over")),
    "dispute.evidence_added": _says(_n("Files added to the dispute")),
    "dispute.withdrawn": _says(_n("Dispute withdrawn")),
    "dispute.decided": _says(_n("Dispute decided")),
    "dispute.appealed": _says(_n("The decision was appealed")),
    "dispute.appeal_answered": _says(_n("The appeal was answered")),
    "dispute.appeal_decided": _says(_n("The appeal was decided")),
}
