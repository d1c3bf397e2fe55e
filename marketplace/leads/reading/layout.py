"""How a file is written: its encoding, its delimiter and the line that names its columns, found from its beginning."""

import io
import math
import re
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from typing import Any, BinaryIO

from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import clean_text
from marketplace.leads.reading.encoding import chosen, detect
from marketplace.leads.reading.errors import Unreadable
from marketplace.leads.reading.records import MOST_COLUMNS, Row, records
from marketplace.leads.reading.values import holds_contact, is_phone, looks_like_data

SAMPLE_BYTES = 262_144
DELIMITERS = (",", ";", "\t", "|", "^", "~", "¦", "\x1f", ":")
_SAMPLE_ROWS = 100
_TITLE_ROWS = 20  # a header further down is no header
_FILLED_HEADER = 0.7
_MOST_DATA = 1 / 3  # a header may name days or links, as long as most of it are names
_EXCEL_HINT = "sep="
_MARKUP_BEGIN = 200
_JSON = re.compile(r'\{\s*"|\[\s*[\[{"\]]')
_XML = re.compile(r"<[?!a-zA-Z]")
_LONGEST_NAME = 200
_LEAST_CONSISTENCY = 0.5  # below it the sign stands in the text by chance


@dataclass(frozen=True, slots=True)
class Layout:
    """What the page shows above the columns, and what the reader needs.

    Attributes:
        header_row: the line of the column names, counted from 1; 0 when the file has none.
        headers: unique names; `Column 3` where the file has no name.
        sure: the encoding is certain and not a guess.
        other_encodings: what else the bytes could be, best first.
    """

    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    sure: bool = True
    other_encodings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "headers": list(self.headers), "other_encodings": list(self.other_encodings)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Layout":
        lists = {"headers": tuple(data["headers"]), "other_encodings": tuple(data.get("other_encodings", ()))}
        return cls(**{**data, **lists})


def sniff(
    sample: bytes,
    *,
    whole: bool = True,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> Layout:
    """The layout of a file from its first bytes.

    Args:
        sample: the beginning of the file, `SAMPLE_BYTES` are plenty.
        whole: the sample is the whole file.
        encoding: corrected by a person, like the two that follow; the rest is found to fit.
        delimiter: one sign.
        header_row: the line of the column names, 0 for none.

    Raises:
        Unreadable: empty, no rows, no text, or a correction that does not fit the file.
    """
    if not sample.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Unreadable(_("The file is empty."))
    found = chosen(encoding) if encoding else detect(sample, whole=whole)
    text = _decoded(sample, found.name, whole=whole)
    _refuse_markup(text)
    mark = _delimiter(text) if delimiter is None else delimiter
    if len(mark) != 1 or mark in '"\r\n\x00':
        raise Unreadable(_("A delimiter is one sign, and no quote."))
    rows = _first_rows(text, mark)
    number, headers = _header(rows, header_row)
    data = [row for row in rows if row.number > number]
    if not data:
        raise Unreadable(_("The file has column names but no rows.") if rows else _("The file is empty."))
    return Layout(found.name, mark, number, headers, found.sure, found.others)


def open_rows(stream: BinaryIO, layout: Layout) -> Generator[Row]:
    """The rows below the header, blank ones left out, one at a time from a stream of any length.

    A byte that the encoding does not have becomes a replacement character and is noted on its row.
    """
    text = io.TextIOWrapper(stream, encoding=layout.encoding, errors="replace", newline="")
    try:
        for row in records(text, layout.delimiter, len(layout.headers)):
            if row.number > layout.header_row and not row.blank and not _is_hint(row):
                yield row
    finally:
        text.detach()


def _decoded(sample: bytes, encoding: str, *, whole: bool) -> str:
    """The sample as text; a line cut off by its end is left out."""
    text = sample.decode(encoding, errors="replace")
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text if whole or cut < 0 else text[: cut + 1]


def _refuse_markup(text: str) -> None:
    begin = text.lstrip("\ufeff \t\r\n")[:_MARKUP_BEGIN]
    if _JSON.match(begin) or _XML.match(begin):
        raise Unreadable(_("This is JSON, XML or a web page. Upload a CSV or TSV file."))


def _is_hint(row: Row) -> bool:
    return row.number == 1 and bool(row.cells) and row.cells[0].lower().startswith(_EXCEL_HINT)


def _delimiter(text: str) -> str:
    """The sign that cuts most rows into the same number of cells; more columns win between equals."""
    first = text[: len(_EXCEL_HINT) + 1].lower()
    if first.startswith(_EXCEL_HINT) and len(first) > len(_EXCEL_HINT):
        return first[-1]
    scores = {mark: _consistency(text, mark) for mark in DELIMITERS if mark in text}
    best = max(scores, key=lambda mark: scores[mark], default=",")
    return best if scores.get(best) else ","


def _first_rows(text: str, mark: str) -> list[Row]:
    rows = islice(records(io.StringIO(text, newline=""), mark), _SAMPLE_ROWS + _TITLE_ROWS)
    return [row for row in rows if not row.blank]


def _consistency(text: str, mark: str) -> float:
    widths = Counter(len(row.cells) for row in _first_rows(text, mark))
    if not widths:
        return 0.0
    width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width == 1 or times / widths.total() < _LEAST_CONSISTENCY:
        return 0.0
    return times / widths.total() * (1 + min(width, 30) / 100) * (0.5 if mark == ":" else 1.0)


def _header(rows: Sequence[Row], wanted: int | None) -> tuple[int, tuple[str, ...]]:
    """The line of the column names and the names; without such a line the columns are numbered."""
    if not rows:
        return 0, ()
    width = min(_width(rows), MOST_COLUMNS)
    row = _header_row(rows, width) if wanted is None else _wanted_row(rows, wanted)
    if row is None:
        return 0, _unique([""] * max(width, 1))
    return row.number, _unique([*row.cells, *[""] * (width - len(row.cells))][:MOST_COLUMNS])


def _wanted_row(rows: Sequence[Row], wanted: int) -> Row | None:
    row = next((row for row in rows if row.number == wanted), None)
    if row is None and wanted:
        raise Unreadable(_("Line %(number)s holds no column names.", number=wanted))
    if row and _is_data(row.cells):
        raise Unreadable(
            _(
                "Line %(number)s looks like a lead. Column names are kept as they are, so it cannot be the header.",
                number=wanted,
            )
        )
    return row


def _is_data(cells: Sequence[str]) -> bool:
    """A row of somebody's data: column names are stored unsealed, so it must never become the header."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(is_phone(cell) or holds_contact(cell) for cell in filled):
        return True
    return sum(map(looks_like_data, filled)) > len(filled) * _MOST_DATA


def _header_row(rows: Sequence[Row], width: int) -> Row | None:
    """The first row that is nearly full, or as wide as the table and half full, and holds names.

    A full row of data before one means that there is none.
    """
    for row in rows[:_TITLE_ROWS]:
        filled = [cell for cell in row.cells if cell.strip()]
        is_full = len(filled) >= math.ceil(_FILLED_HEADER * width)
        is_wide = len(row.cells) >= width and len(filled) > width / 2
        if _is_hint(row) or not (is_full or is_wide):
            continue
        if not any(looks_like_data(cell) for cell in filled):
            return row
        if is_full:
            return None
    return None


def _width(rows: Sequence[Row]) -> int:
    counts = Counter(len(row.cells) for row in rows if not row.broken)
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0] if counts else 1


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names cleaned, the nameless numbered, a name that comes again marked `(2)`."""
    unique: dict[str, None] = {}
    for place, raw in enumerate(names, start=1):
        base = clean_text(raw)[:_LONGEST_NAME] or _("Column %(number)s", number=place)
        numbered = (f"{base} ({copy})" for copy in count(2))
        unique[base if base not in unique else next(name for name in numbered if name not in unique)] = None
    return tuple(unique)
