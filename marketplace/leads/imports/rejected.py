"""The rejected rows of an import as a file: each row as it came, and beside it why it became no lead."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from marketplace.kit.csv_export import safe_cell
from marketplace.kit.db import db
from marketplace.leads.imports.layouts import Reading, first, rows_of
from marketplace.leads.models import Import, ImportRow
from marketplace.leads.queries import first_reason, import_for
from marketplace.leads.reading import Row
from marketplace.people import Power, Who

_OWN = ("line", "codes", "reasons")
_BATCH = 1_000

_Reasons = list[dict[str, str]]


def errors_csv(who: Who, import_id: UUID, *, reason: str = "") -> Iterator[str]:
    """Pieces of a CSV file for the agency that sent the file; cells are safe to open in a spreadsheet.

    Args:
        reason: only the rows with this first reason.

    Raises:
        NotFound, Forbidden, FileLost.
    """
    who.need(Power.LEADS_WRITE)
    row = import_for(who, import_id)
    if row.guess is not None:
        first(row, Reading.of(row).layout, 1)  # a lost file is told before the answer begins
    pieces = _pieces(row, _known(db.engine, row.id, reason))
    heading = next(pieces)  # opens the file: the others are asked for when the application's context is over
    return chain([heading], pieces)


def _known(engine: Engine, import_id: UUID, reason: str) -> Iterator[tuple[int, _Reasons]]:
    """Rows with their reasons, by their number. A slow reader of the file keeps no transaction open between batches."""
    statement = select(ImportRow.number, ImportRow.reasons).where(ImportRow.import_id == import_id)
    if reason:
        statement = statement.where(first_reason() == reason)
    behind = -1
    while True:
        batch = statement.where(ImportRow.number > behind).order_by(ImportRow.number).limit(_BATCH)
        with engine.connect() as connection:
            found = connection.execute(batch).all()
        yield from found
        if len(found) < _BATCH:
            return
        behind = found[-1][0]


def _pieces(row: Import, known: Iterator[tuple[int, _Reasons]]) -> Iterator[str]:
    if row.guess is None:
        yield _heading([])
        return
    layout = Reading.of(row).layout
    with rows_of(row, layout) as rows:
        yield _heading(layout.headers)
        yield from _matched(rows, known)


def _heading(headers: Sequence[str]) -> str:
    return "\ufeff" + _line([*_OWN, *headers])


def _matched(rows: Iterator[Row], known: Iterator[tuple[int, _Reasons]]) -> Iterator[str]:
    """Both come in the order of the file, so that neither has to be held."""
    wanted = next(known, None)
    for found in rows:
        if wanted is None:
            return
        if found.number == wanted[0]:
            yield _line([str(found.number), *_said(wanted[1]), *found.cells])
            wanted = next(known, None)


def _said(reasons: _Reasons) -> list[str]:
    return [" ".join(each["code"] for each in reasons), " ".join(each["message"] for each in reasons)]


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(str(cell)) for cell in cells])
    return buffer.getvalue()
