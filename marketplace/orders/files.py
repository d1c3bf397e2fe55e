"""A file whose rows each name an order or its lead; the columns stand in its first line, in any order."""

import io
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import parse_money
from marketplace.leads.reading import DateOrder, Row, Unreadable, decide_order, open_rows, parse_moment, sniff
from marketplace.leads.reading import trouble_words as words_of
from marketplace.orders.many import MOST_ROWS

MOST_BYTES = 2 << 20
_NAMES = ("order_id", "lead_id")
_ALSO: Mapping[str, str] = {"order": "order_id", "lead": "lead_id", "date": "at"}


class Line:
    """A row of the file: its cells that are known and filled, by the name of their column."""

    def __init__(self, row: Row, cells: Mapping[str, str], dates: DateOrder) -> None:
        self.row, self.cells, self._dates = row, cells, dates

    @property
    def number(self) -> int:
        """The line as an editor counts it."""
        return self.row.number

    @property
    def name(self) -> UUID | None:
        """The order or lead that it names."""
        try:
            return UUID(self.cells.get("order_id") or self.cells.get("lead_id", ""))
        except ValueError:
            return None

    def told(self, names: Collection[str]) -> dict[str, Any]:
        """These cells, and which order it is about. Raises Invalid: the row cannot be read."""
        if self.row.broken:
            raise Invalid(" ".join(words_of(trouble) for trouble in self.row.troubles))
        which = "order_id" if self.cells.get("order_id") else "lead_id"
        return {name: self.cells[name] for name in names if self.cells.get(name)} | {which: self.cells.get(which, "")}

    def moment(self, text: str) -> str:
        """A cell with a day or a time. Raises Invalid."""
        moment = parse_moment(text, self._dates.order)
        if moment is None:
            raise Invalid(fields={"at": _("Write the day like 2026-11-26.")})
        return moment.isoformat()


def lines_of(content: bytes, columns: Collection[str], also: Mapping[str, str]) -> list[Line]:
    """Read a file.

    Args:
        columns: those that are known, next to `order_id` and `lead_id`.
        also: other names of theirs.

    Raises:
        Invalid: the file cannot be read, names no order, or has more than 1,000 rows.
    """
    try:
        layout = sniff(content)
    except Unreadable as why:
        raise _unreadable(why.message) from why
    names = [_column(header, also) for header in layout.headers]
    if not layout.header_row or not set(_NAMES) & set(names):
        raise _unreadable(_("Name the columns in the first line, order_id or lead_id among them."))
    rows = list(islice(open_rows(io.BytesIO(content), layout), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise _unreadable(_("A file can have %(most)s rows. Split it, and send the parts.", most=MOST_ROWS))
    cells = [_by_name(row, names, {*columns, *_NAMES}) for row in rows]
    dates = decide_order((each.get("at", "") for each in cells), None)
    return [Line(row, each, dates) for row, each in zip(rows, cells, strict=True)]


def money_of(text: str, currency: str) -> dict[str, Any]:
    """A cell with an amount, as JSON. Raises Invalid."""
    try:
        money = parse_money(text, currency)
    except ValueError:
        raise Invalid(fields={"amount": _("Write the amount as a number, like 1250 or 1250.50.")}) from None
    return {"amount": money.amount, "currency": money.currency}


def _unreadable(words: str) -> Invalid:
    return Invalid(words, fields={"file": words})


def _column(header: str, also: Mapping[str, str]) -> str:
    name = "_".join(header.strip().lower().replace("-", " ").split())
    return {**_ALSO, **also}.get(name, name)


def _by_name(row: Row, columns: Sequence[str], known: Collection[str]) -> dict[str, str]:
    named = zip(columns, row.cells, strict=False)
    return {name: cell.strip() for name, cell in named if name in known and cell.strip()}
