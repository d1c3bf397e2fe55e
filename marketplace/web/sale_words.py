"""Sales in words: their states, and what happened to one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace import events
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money
from marketplace.orders.sales.models import Sale, SaleState
from marketplace.orders.sales.rules import ANSWER_TIME
from marketplace.web.shapes import when
from marketplace.web.stock import State

#: how long an agency may contest what a buyer reports
HOURS_TO_CONTEST = ANSWER_TIME // timedelta(hours=1)

_HAPPENED: Mapping[str, Any] = {
    "sale.reported": _l("Reported"),
    "sale.corrected": _l("Corrected"),
    "sale.contested": _l("Contested by the agency"),
    "sale.accepted": _l("Agreed"),
    "sale.decided": _l("Decided by staff"),
    "commission.paid": _l("%(amount)s of commission paid"),
    "commission.unpaid": _l("%(amount)s of commission not paid: the wallet was empty"),
    "commission.returned": _l("%(amount)s of commission returned"),
    "commission.released": _l("%(amount)s released to the agency"),
}


def sale_tag(sale: Sale) -> State:
    """Where a sale is, in a word or two."""
    words = {
        SaleState.REPORTED: State(_("reported")),
        SaleState.CONTESTED: State(_("contested"), "warn"),
        SaleState.COMMISSION_DUE: State(_("commission due"), "warn" if sale.stops_buying_at else ""),
        SaleState.HELD: State(_("held")),
        SaleState.RELEASED: State(_("released"), "pos"),
        SaleState.REVERSED: State(_("reversed"), "line"),
        SaleState.VOID: State(_("taken back"), "line"),
    }
    return words[SaleState(sale.state)]


def happened(sale: Sale) -> list[dict[str, str]]:
    """What happened to a sale, newest first, for a timeline."""
    found = reversed(events.history(sale.id))
    return [{"title": _told(event.name, event.data, sale.currency), "note": when(event.at)} for event in found]


def _told(name: str, data: Mapping[str, Any], currency: str) -> str:
    words = _HAPPENED.get(name, name)
    return (
        str(words) % {"amount": Money(data.get("cents", 0), currency)} if name.startswith("commission") else str(words)
    )
