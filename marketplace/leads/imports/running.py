"""Running an import: chunk by chunk, each with its own transaction and progress, so that a crash costs nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.leads.actions.receive import Received, Source, receive
from marketplace.leads.imports.layouts import Reading, listing_of, rows_of
from marketplace.leads.models import Import, ImportRow, ImportState
from marketplace.leads.reading import Row, RowReader, note_words, trouble_words

CHUNK = 500


def run(import_id: UUID, told: Callable[[int], object] | None = None) -> None:
    """An edge: work through the file until its end, a pause or a cancellation.

    A second runner of the same import finds its rows done by the first and stops; whoever comes after a crash goes on
    behind the last chunk that was committed. `told` hears how many rows each chunk has finished.
    """
    with transaction():
        row = _locked(import_id)
        if row is None or row.state != ImportState.RUNNING:
            return
        done, reading = row.done, Reading.of(row)
    with rows_of(row, reading.layout) as rows:
        rest = islice(rows, done, None)
        reader = reading.reader()
        while taken := _chunk(import_id, done, rest, reader):
            done += taken
            if told:
                told(taken)


def _chunk(import_id: UUID, done: int, rest: Iterator[Row], reader: RowReader) -> int:
    """Take the next rows in; return how many, 0 when there is nothing more to do here."""
    rows = list(islice(rest, CHUNK))
    with transaction():
        row = _locked(import_id)
        if row is None or row.state != ImportState.RUNNING or row.done != done:
            return 0
        if rows:
            _take(row, rows, reader)
        else:
            _finish(row)
    return len(rows)


def _take(row: Import, rows: Sequence[Row], reader: RowReader) -> None:
    whole = [found for found in rows if not found.broken]
    read = [reader.lead(found.cells) for found in whole]
    source = Source(row.id, [found.number for found in whole], row.consent)
    received = receive(listing_of(row), [lead for lead, _notes in read], by=SYSTEM, source=source)
    rejected = [
        *(_unread(found) for found in rows if found.broken),
        *(
            _refused(found, result, [note_words(note) for note in notes])
            for found, result, (_lead, notes) in zip(whole, received, read, strict=True)
            if not result.lead_id
        ),
    ]
    if rejected:
        session().execute(insert(ImportRow), [{"import_id": row.id, **each} for each in rejected])
    row.done += len(rows)
    row.rejected += len(rejected)
    row.accepted += len(rows) - len(rejected)


def _refused(found: Row, result: Received, notes: Sequence[str]) -> dict[str, Any]:
    reasons = result.reasons + [{"code": "note", "field": "", "message": note} for note in notes]
    return {"number": found.number, "reasons": reasons}


def _unread(found: Row) -> dict[str, Any]:
    reasons = [{"code": "field_invalid", "field": "", "message": trouble_words(each)} for each in found.troubles]
    return {"number": found.number, "reasons": reasons}


def _finish(row: Import) -> None:
    row.state, row.finished_at, row.rows = ImportState.DONE, clock.now(), row.done
    record("import.finished", row.id, by=SYSTEM, orgs=[row.agency_id], accepted=row.accepted, rejected=row.rejected)


def _locked(import_id: UUID) -> Import | None:
    return session().scalar(
        select(Import).where(Import.id == import_id).with_for_update(), execution_options={"populate_existing": True}
    )
