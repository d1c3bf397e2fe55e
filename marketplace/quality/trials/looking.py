"""Reading the file of a trial: what its columns hold at the first look, and the cells that the run needs."""

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from marketplace.kit import files
from marketplace.kit.crypto import Unreadable as NotOurs
from marketplace.leads.errors import FileLost
from marketplace.leads.reading import SAMPLE_BYTES, Layout, Row, open_rows, parse_moment, sniff
from marketplace.quality.conversion import is_named_later
from marketplace.quality.trials.people import (
    is_about_people,
    is_like_a_name,
    is_shown,
    names_people,
    personal_columns,
)
from marketplace.quality.trials.rules import MOST_OUTCOMES, MOST_ROWS

_SAMPLE = 200
_MOMENTS = 0.9


@dataclass
class _Seen:
    """What one column has held so far."""

    filled: int = 0
    reaching: int = 0
    named: int = 0
    moments: int = 0
    values: dict[str, int] = field(default_factory=dict)

    def take(self, cell: str) -> None:
        self.filled += 1
        self.reaching += not is_shown(cell)
        self.named += is_like_a_name(cell)
        if self.filled <= _SAMPLE:
            self.moments += parse_moment(cell) is not None
        if cell in self.values or len(self.values) <= MOST_OUTCOMES:
            self.values[cell] = self.values.get(cell, 0) + 1


def look_at(name: str) -> tuple[int, dict[str, Any]]:
    """How many rows there are (one past `MOST_ROWS` where there are more), and the layout with what each column holds.

    Raises: Unreadable, FileLost.
    """
    with _opened(name) as stream:
        sample = stream.read(SAMPLE_BYTES)
        whole = not stream.read(1)
    layout = sniff(sample, whole=whole)
    seen = [_Seen() for _header in layout.headers]
    first: list[list[str]] = []
    count = 0
    for row in _rows(name, layout):
        count += 1
        if count > MOST_ROWS:
            break
        if len(first) < _SAMPLE:
            first.append(row.cells)
        for mine, cell in zip(seen, row.cells, strict=False):
            if text := cell.strip():
                mine.take(text)
    personal = personal_columns(layout.headers, first)
    told = [_told(header, mine, header in personal) for header, mine in zip(layout.headers, seen, strict=True)]
    return count, {"layout": layout.to_json(), "columns": told}


def cells_of(name: str, layout: Layout, wanted: Collection[str]) -> tuple[list[dict[str, str]], int]:
    """The rows, with the cells of these columns alone, and how many rows cannot be used. Raises FileLost.

    Equal texts are one object: an export says few things often.
    """
    places = [(header, place) for place, header in enumerate(layout.headers) if header in wanted]
    known: dict[str, str] = {}
    rows, broken = [], 0
    for row in _rows(name, layout):
        if row.broken or len(row.cells) > len(layout.headers):
            broken += 1
            continue
        cells = [*row.cells, *[""] * (len(layout.headers) - len(row.cells))]
        texts = ((header, cells[place].strip()) for header, place in places)
        rows.append({header: known.setdefault(text, text) for header, text in texts})
    return rows, broken


def _told(header: str, seen: _Seen, personal: bool) -> dict[str, Any]:  # noqa: FBT001  # a fact, not a switch
    """A column for the page: no text of a column that is about people, or that has many different ones."""
    is_named = names_people(header, seen.filled, seen.named)
    is_personal = personal or is_named or is_about_people(seen.filled, seen.reaching)
    is_few = 1 < len(seen.values) <= MOST_OUTCOMES and all(map(is_shown, seen.values))
    return {
        "name": header,
        "filled": seen.filled,
        "personal": is_personal,
        "later": is_named_later(header),
        "time": seen.moments > _MOMENTS * min(seen.filled, _SAMPLE) > 0,
        "values": sorted(seen.values.items()) if is_few and not is_personal else None,
    }


def _rows(name: str, layout: Layout) -> Iterator[Row]:
    with _opened(name) as stream, closing(open_rows(stream, layout)) as rows:
        yield from rows


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    try:
        with files.open_plain(name) as stream:
            yield stream
    except (FileNotFoundError, NotOurs) as error:
        raise FileLost from error


def outcome_columns(columns: Sequence[dict[str, Any]]) -> list[int]:
    """The places of the columns that can be an outcome."""
    return [place for place, column in enumerate(columns) if column["values"]]
