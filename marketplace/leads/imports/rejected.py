"""The rejected rows of an import as a file: each row as it came, and beside it why it became no lead."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.csv_export import safe_cell
from marketplace.kit.db import session
from marketplace.leads.imports.layouts import Reading, rows_of
from marketplace.leads.models import Import, ImportRow
from marketplace.leads.queries import import_for
from marketplace.people import Power, Who

_OWN = ("line", "codes", "reasons")


def errors_csv(who: Who, import_id: UUID) -> Iterator[str]:
    """Pieces of a CSV file for the agency that sent the file; cells are safe to open in a spreadsheet.

    Raises:
        NotFound, Forbidden.
    """
    who.need(Power.LEADS_WRITE)
    row = import_for(who, import_id)
    known = select(ImportRow.number, ImportRow.reasons).where(ImportRow.import_id == import_id)
    reasons = {found.number: found.reasons for found in session().execute(known)}
    return _pieces(row, reasons)


def _pieces(row: Import, reasons: dict[int, list[dict[str, str]]]) -> Iterator[str]:
    yield "\ufeff"
    if row.guess is None:
        yield _line(_OWN)
        return
    layout = Reading.of(row).layout
    yield _line([*_OWN, *layout.headers])
    with rows_of(row, layout) as rows:
        for found in rows:
            if found.number in reasons:
                yield _line([str(found.number), *_said(reasons[found.number]), *found.cells])


def _said(reasons: list[dict[str, str]]) -> list[str]:
    return [" ".join(each["code"] for each in reasons), " ".join(each["message"] for each in reasons)]


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(str(cell)) for cell in cells])
    return buffer.getvalue()
