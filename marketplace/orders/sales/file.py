"""A file of sales: one row for each sale, or for a lead without one. The same file again changes nothing.

Columns by their names, in any order: `order_id` or `lead_id`, `amount` with `currency` (the order's own if left out),
`at`, `repeat`, `reference`; or `no_sale` with the reason, and a `note`.
"""

from collections.abc import Mapping
from typing import Any

from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.orders.files import Line, lines_of, money_of
from marketplace.orders.many import Told
from marketplace.orders.models import Order
from marketplace.orders.sales.many import report_many
from marketplace.people import Who

_WORDS = ("amount", "currency", "at", "repeat", "reference", "no_sale", "note")
COLUMNS = ("order_id", "lead_id", *_WORDS)
_ALSO: Mapping[str, str] = {"sold_at": "at", "value": "amount"}
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


def report_file(who: Who, content: bytes) -> list[tuple[int, Told]]:
    """Report every row of a file; returns the line of each row, as an editor counts it, with how it came out.

    Raises:
        Invalid: the file cannot be read, names no order, or has more than 1,000 rows.
    """
    lines = lines_of(content, _WORDS, _ALSO)
    results = report_many(who, [_Sale(line) for line in lines], [line.name for line in lines], via="file")
    return list(zip((line.number for line in lines), results, strict=True))


class _Sale:
    """What a row says in JSON is known once its order is, whose currency it is in."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def __call__(self, order: Order | None) -> dict[str, Any]:
        """Raises Invalid: a cell cannot be read."""
        told = self._line.told(_WORDS)
        currency = told.pop("currency", order.currency if order else "USD")
        if "amount" in told:
            told["amount"] = money_of(told["amount"], currency.upper())
        if "at" in told:
            told["at"] = self._line.moment(told["at"])
        if "repeat" in told:
            told["repeat"] = _yes_or_no(told["repeat"])
        return told


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise Invalid(fields={"repeat": _("Write yes or no.")})
    return text.lower() in _YES
