"""Sales of many leads reported at once, by API or file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marketplace.orders.many import Row, Told, take_each
from marketplace.orders.models import Order
from marketplace.orders.sales.no_sale import claim_no_sale
from marketplace.orders.sales.report import report
from marketplace.orders.sales.schemas import NamedSaleIn
from marketplace.people import Who

_SCHEMA = NamedSaleIn()


def report_many(who: Who, rows: Sequence[Row], names: Sequence[UUID | None], *, via: str) -> list[Told]:
    """Report a sale, or that there was none, for each row. The same rows again change nothing.

    Args:
        names: for each row the id of the order or of the lead that it names, None where it names none.
        via: `api` or `file`.
    """

    def take(order: Order, told: dict[str, Any]) -> UUID | None:
        if "no_sale" in told:
            claim_no_sale(who, order.id, told["no_sale"], told["note"])
            return None
        return report(who, order.id, told["report"], via=via).id

    return take_each(who, rows, names, _SCHEMA, take)
