"""What is said about sales, in words, for pages and letters."""

from collections.abc import Mapping
from typing import Any

from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.sales.models import NoSale

NO_SALE_NAMES: Mapping[str, Any] = {
    NoSale.NOT_REACHED: _l("Could not be reached"),
    NoSale.NOT_INTERESTED: _l("No longer interested"),
    NoSale.WENT_ELSEWHERE: _l("Bought somewhere else"),
    NoSale.NOT_ELIGIBLE: _l("Could not be served"),
    NoSale.PRICE: _l("Too expensive"),
    NoSale.OTHER: _l("Something else"),
}


def no_sale_reason(code: str | None) -> str:
    """Why there was no sale; empty for none."""
    return str(NO_SALE_NAMES[NoSale(code)]) if code else ""
