"""A file of sales: one row for each sale, or for a lead without one. The same file again changes nothing.

Columns by their names, in any order: `order_id` or `lead_id`, `amount` with `currency` (the order's own if left out),
`at`, `repeat`, `reference`; or `no_sale` with the reason, and a `note`.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import parse_money
from marketplace.leads.reading import DateOrder, Row, Unreadable, decide_order, open_rows, parse_moment, sniff
from marketplace.leads.reading import trouble_words as words_of
from marketplace.orders.models import Order
from marketplace.orders.sales.many import Row as Reported
from marketplace.orders.sales.many import Told, report_many
from marketplace.orders.sales.schemas import MOST_ROWS
from marketplace.people import Who

MOST_BYTES = 2 << 20
COLUMNS = ("order_id", "lead_id", "amount", "currency", "at", "repeat", "reference", "no_sale", "note")
_ALSO: Mapping[str, str] = {"order": "order_id", "lead": "lead_id", "date": "at", "sold_at": "at", "value": "amount"}
_WORDS = ("amount", "currency", "at", "repeat", "reference", "no_sale", "note")
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


def report_file(who: Who, content: bytes) -> list[tuple[int, Told]]:
    """Report every row of a file; returns the line of each row, as an editor counts it, with how it came out.

    Raises:
        Invalid: the file cannot be read, names no order, or has more than 1,000 rows.
    """
    rows, columns = _rows_of(content)
    cells = [_by_name(row, columns) for row in rows]
    dates = decide_order((each.get("at", "") for each in cells), None)
    made: list[Reported] = [_Line(row, each, dates) for row, each in zip(rows, cells, strict=True)]
    results = report_many(who, made, [_name(each) for each in cells], via="file")
    return list(zip((row.number for row in rows), results, strict=True))


class _Line:
    """A row of the file; what it says in JSON is known once its order is, whose currency it is in."""

    def __init__(self, row: Row, cells: Mapping[str, str], dates: DateOrder) -> None:
        self._row, self._cells, self._dates = row, cells, dates

    def __call__(self, order: Order | None) -> dict[str, Any]:
        """Raises Invalid: a cell cannot be read."""
        if self._row.broken:
            raise Invalid(" ".join(words_of(trouble) for trouble in self._row.troubles))
        told: dict[str, Any] = {name: self._cells[name] for name in _WORDS if self._cells.get(name)}
        which = "order_id" if self._cells.get("order_id") else "lead_id"
        told[which] = self._cells.get(which, "")
        currency = told.pop("currency", order.currency if order else "USD")
        if "amount" in told:
            told["amount"] = _money(told["amount"], currency.upper())
        if "at" in told:
            told["at"] = _moment(told["at"], self._dates)
        if "repeat" in told:
            told["repeat"] = _yes_or_no(told["repeat"])
        return told


def _rows_of(content: bytes) -> tuple[Sequence[Row], Sequence[str]]:
    try:
        layout = sniff(content)
    except Unreadable as why:
        raise _unreadable(why.message) from why
    columns = [_column(header) for header in layout.headers]
    if not layout.header_row or not {"order_id", "lead_id"} & set(columns):
        raise _unreadable(_("Name the columns in the first line, order_id or lead_id among them."))
    rows = list(open_rows(io.BytesIO(content), layout))
    if len(rows) > MOST_ROWS:
        raise _unreadable(_("A file can have %(most)s rows. Split it, and send the parts.", most=MOST_ROWS))
    return rows, columns


def _unreadable(words: str) -> Invalid:
    return Invalid(words, fields={"file": words})


def _column(header: str) -> str:
    name = "_".join(header.strip().lower().replace("-", " ").split())
    return _ALSO.get(name, name)


def _by_name(row: Row, columns: Sequence[str]) -> dict[str, str]:
    named = zip(columns, row.cells, strict=False)
    return {name: cell.strip() for name, cell in named if name in COLUMNS and cell.strip()}


def _name(cells: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(cells.get("order_id") or cells.get("lead_id", ""))
    except ValueError:
        return None


def _money(text: str, currency: str) -> dict[str, Any]:
    try:
        money = parse_money(text, currency)
    except ValueError:
        raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from None
    return {"amount": money.amount, "currency": money.currency}


def _moment(text: str, dates: DateOrder) -> str:
    moment = parse_moment(text, dates.order)
    if moment is None:
        raise Invalid(fields={"at": _("Write the day like 2026-11-26.")})
    return moment.isoformat()


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise Invalid(fields={"repeat": _("Write yes or no.")})
    return text.lower() in _YES
