"""Lines of statements about leads that are paid by the sale, each with its name and the way to its cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from marketplace import orders
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.ledger import StatementLine
from marketplace.orders import OrderLine
from marketplace.orders.sales import queries
from marketplace.orders.sales.queries import SaleLine
from marketplace.people import Power, Who
from marketplace.web.words import short_name

_OF_BUYER: Mapping[str, tuple[Any, str]] = {
    "deposit": (_l("Deposit: %(name)s"), "lock"),
    "deposit_return": (_l("Deposit returned: %(name)s"), "lock-open"),
    "commission": (_l("Commission: %(name)s"), "receipt"),
    "sale_reversal": (_l("Sale reversed: %(name)s"), "arrow-down"),
}
_OF_AGENCY: Mapping[str, tuple[Any, str]] = {
    "release": (_l("Commission, returns are over"), "receipt"),
    "reserve_release": (_l("Reserve of a commission"), "lock-open"),
}


@dataclass(frozen=True, slots=True)
class Causes:
    """The orders and the sales that the lines of a statement are about, as far as the reader may see them."""

    orders: Mapping[UUID, OrderLine]
    sales: Mapping[UUID, SaleLine]

    @classmethod
    def of(cls, who: Who, lines: Sequence[StatementLine]) -> "Causes":
        ids = [line.reference_id for line in lines]
        may_see = who.can(Power.ORDERS_READ if who.is_buyer else Power.LEADS_READ)
        return cls(orders.lines_of(who, ids), queries.lines_of(who, ids)) if may_see else cls({}, {})

    def told(self, line: StatementLine) -> dict[str, str] | None:
        """Name, icon and address of a line about a sale or a deposit; None for any other line."""
        order, sale = self.orders.get(line.reference_id), self.sales.get(line.reference_id)
        if line.kind in _OF_BUYER:
            title, icon = _OF_BUYER[line.kind]
            cause = sale or order
            name = short_name(cause.lead) if cause else _("a lead")
            note = cause.agency.name if cause else ""
            return {"icon": icon, "title": str(title) % {"name": name}, "href": _way(order, sale), "note": note}
        if sale and line.kind in _OF_AGENCY:
            title, icon = _OF_AGENCY[line.kind]
            return {"icon": icon, "title": str(title), "href": _way(None, sale), "note": sale.listing.title}
        return None


def _way(order: OrderLine | None, sale: SaleLine | None) -> str:
    if sale:
        return url_for("sales.show", sale_id=sale.id)
    return url_for("orders.show", order_id=order.id) if order else ""
