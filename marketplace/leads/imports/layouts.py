"""What is known of an import's file: its layout and mapping, as guessed or corrected."""

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from marketplace.catalog import Listing, Vertical, vertical
from marketplace.kit import files
from marketplace.kit.crypto import Unreadable as NotOurs
from marketplace.kit.db import session
from marketplace.leads.errors import FileLost
from marketplace.leads.models import Import
from marketplace.leads.reading import (
    SAMPLE_BYTES,
    Layout,
    MappingGuess,
    Row,
    RowReader,
    guess_mapping,
    open_rows,
    sniff,
    some,
)

_GUESSED_FROM = 200
_CHANNELS = frozenset({"phone", "email", "social_url"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: everything that the reader of rows needs."""

    layout: Layout
    mapping: dict[str, str]
    date_order: str
    default_country: str

    @classmethod
    def of(cls, row: Import) -> "Reading":
        """From what is stored with the import; it must have been guessed."""
        known = row.guess or {}
        return cls(Layout.from_json(known["layout"]), known["mapping"], known["date_order"], known["default_country"])

    @property
    def reaches_people(self) -> bool:
        """Whether any column holds a way to reach somebody."""
        return not _CHANNELS.isdisjoint(self.mapping.values())

    def reader(self) -> RowReader:
        return RowReader(self.mapping, self.layout, date_order="dmy" if self.date_order == "dmy" else "mdy")


def listing_of(row: Import, *, afresh: bool = False) -> Listing:
    """The listing that an import feeds; the import was found for somebody before.

    Args:
        afresh: as it is now, not as this session may have seen it before.
    """
    return session().get_one(Listing, row.listing_id, populate_existing=afresh)


def trade_of(row: Import) -> Vertical:
    """The trade of that listing."""
    return vertical(listing_of(row).vertical)


def look_at(
    row: Import,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    default_country: str | None = None,
) -> dict[str, Any]:
    """Guess how the file is written and what its columns hold, keeping what a person has corrected.

    Raises:
        Unreadable: it is no table of leads; the message says what it is.
        FileLost.
    """
    with _opened(row) as stream:
        sample = stream.read(SAMPLE_BYTES)
        whole = not stream.read(1)
    layout = sniff(sample, whole=whole, encoding=encoding, delimiter=delimiter, header_row=header_row)
    country = default_country or listing_of(row).default_country
    cells = [found.cells for found in first(row, layout, _GUESSED_FROM)]
    return as_guess(layout, guess_mapping(layout.headers, cells, trade_of(row).fields, country), country)


def as_guess(layout: Layout, found: MappingGuess, default_country: str) -> dict[str, Any]:
    """The guess as it is stored and as the API shows it."""
    return {
        **found.to_json(),
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "header_row": layout.header_row,
        "default_country": default_country,
        "layout": layout.to_json(),
    }


@contextmanager
def rows_of(row: Import, layout: Layout) -> Iterator[Iterator[Row]]:
    """The file's rows below its header, one at a time. Raises FileLost, also on the way."""
    with _opened(row) as stream, closing(open_rows(stream, layout)) as rows:
        yield rows  # closed before their stream, however few of them were read


def reaches_people(row: Import) -> bool:
    """The same of an import that has been guessed."""
    return Reading.of(row).reaches_people


def count_rows(row: Import, guess: dict[str, Any]) -> int:
    """How many rows the file has when it is read like this; reads all of it."""
    with rows_of(row, Layout.from_json(guess["layout"])) as rows:
        return sum(1 for _ in rows)


def first(row: Import, layout: Layout, count: int) -> list[Row]:
    """The file's first rows, fewer than `count` where they are very long. Raises FileLost."""
    with rows_of(row, layout) as rows:
        return some(rows, count)


@contextmanager
def _opened(row: Import) -> Iterator[io.BufferedReader]:
    try:
        with files.open_plain(row.stored_as) as stream:
            yield stream
    except (FileNotFoundError, NotOurs) as error:
        raise FileLost from error
