"""Running an import: chunk by chunk, each with its own transaction and progress, so that a crash costs nothing."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError, DBAPIError

from marketplace.catalog import Listing
from marketplace.checks import Code
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.i18n import gettext as _
from marketplace.leads.actions.receive import Received, Source, receive
from marketplace.leads.errors import FileLost
from marketplace.leads.imports.layouts import Reading, listing_of, rows_of
from marketplace.leads.models import Import, ImportRow, ImportState
from marketplace.leads.reading import Note, Row, RowReader, note_words, some, trouble_words

log = structlog.get_logger()

CHUNK = 500
#: SQLSTATEs that a row brings about by itself, besides a value of the wrong form: a limit of size, a rule of its table
_ITS_OWN = ("54", "23505", "23514")
_Rejected = dict[str, Any]


def _always() -> bool:
    return True


def run(import_id: UUID, told: Callable[[int], object] | None = None, goes_on: Callable[[], bool] = _always) -> bool:
    """An edge: work through the file until its end, a pause or a cancellation.

    A second runner of the same import finds its rows done by the first and stops; whoever comes after a crash goes on
    behind the last chunk that was committed. `told` hears how many rows each chunk has finished.

    Returns: False when `goes_on` said after a chunk that this runner has to stop: another one is needed.
    """
    with transaction():
        row = _locked(import_id)
        if row is None or row.state != ImportState.RUNNING:
            return True
        done, reading = row.done, Reading.of(row)
    try:
        return _work_through(row, done, reading, told, goes_on)
    except FileLost:
        with transaction():
            _fail(_locked(import_id))
        return True


def _work_through(
    row: Import, done: int, reading: Reading, told: Callable[[int], object] | None, goes_on: Callable[[], bool]
) -> bool:
    import_id = row.id  # the row itself is stale after the first chunk
    with rows_of(row, reading.layout) as rows:
        rest = islice(rows, done, None)
        reader = reading.reader()
        while taken := _store(import_id, done, some(rest, CHUNK), reader):
            done += taken
            if told:
                told(taken)
            if not goes_on():
                return False
    return True


def _store(import_id: UUID, done: int, rows: Sequence[Row], reader: RowReader) -> int:
    """Take the next rows in; return how many, 0 when there is nothing more to do here.

    Where the database refuses them they are taken by halves, until the row that it refuses stands alone.
    """
    try:
        with transaction():
            return _step(import_id, done, rows, reader)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if not rows or not _is_its_own(error, state):
            raise
    if len(rows) == 1:
        log.warning("import.row_refused", import_id=str(import_id), line=rows[0].number, sqlstate=state)
        with transaction():
            return _step(import_id, done, rows, None)
    half = len(rows) // 2
    if not _store(import_id, done, rows[:half], reader):
        return 0
    return len(rows) if _store(import_id, done + half, rows[half:], reader) else 0


def _is_its_own(error: DBAPIError, state: str) -> bool:
    """Whether a row is to blame. Else the server is, or a schema newer than this process: later, and no row is lost."""
    return isinstance(error, DataError) or state.startswith(_ITS_OWN)


def _step(import_id: UUID, done: int, rows: Sequence[Row], reader: RowReader | None) -> int:
    """One transaction of an import that still runs and stands where it was left. No reader: the row is refused."""
    row = _locked(import_id)
    if row is None or row.state != ImportState.RUNNING or row.done != done:
        return 0
    if not rows:
        _finish(row)
    elif not (listing := listing_of(row, afresh=True)).is_open:
        _stop(row)
        return 0
    else:
        _count(row, len(rows), _take(row, listing, rows, reader) if reader else [_unstored(found) for found in rows])
    return len(rows)


def _take(row: Import, listing: Listing, rows: Sequence[Row], reader: RowReader) -> list[_Rejected]:
    """Receive the rows as leads; return those that became none."""
    read = [(found, *reader.lead(found.cells)) for found in rows if not found.broken]
    whole = [each for each in read if not any(note.refuses for note in each[2])]
    source = Source(row.id, [found.number for found, _lead, _notes in whole], row.consent)
    received = receive(listing, [lead for _found, lead, _notes in whole], by=SYSTEM, source=source)
    return [
        *(_unread(found) for found in rows if found.broken),
        *(_too_long(found, notes) for found, _lead, notes in read if any(note.refuses for note in notes)),
        *(
            _refused(found, result, notes)
            for (found, _lead, notes), result in zip(whole, received, strict=True)
            if not result.lead_id
        ),
    ]


def _count(row: Import, rows: int, rejected: Sequence[_Rejected]) -> None:
    if rejected:
        session().execute(insert(ImportRow), [{"import_id": row.id, **each} for each in rejected])
    row.done += rows
    row.rejected += len(rejected)
    row.accepted += rows - len(rejected)


def _refused(found: Row, result: Received, notes: Sequence[Note]) -> _Rejected:
    said = [{"code": "note", "field": "", "message": note_words(note)} for note in notes]
    return {"number": found.number, "reasons": result.reasons + said}


def _too_long(found: Row, notes: Sequence[Note]) -> _Rejected:
    return _invalid(found, [(note.target, note_words(note)) for note in notes if note.refuses])


def _unread(found: Row) -> _Rejected:
    return _invalid(found, [("", trouble_words(each)) for each in found.troubles])


def _unstored(found: Row) -> _Rejected:
    return _invalid(found, [("", _("This row could not be stored. Check its values, and send it again."))])


def _invalid(found: Row, problems: Sequence[tuple[str, str]]) -> _Rejected:
    code = Code.FIELD_INVALID.value
    reasons = [{"code": code, "field": field, "message": message} for field, message in problems]
    return {"number": found.number, "reasons": reasons}


def _finish(row: Import) -> None:
    row.state, row.finished_at, row.rows = ImportState.DONE, clock.now(), row.done
    record("import.finished", row.id, by=SYSTEM, orgs=[row.agency_id], accepted=row.accepted, rejected=row.rejected)


def _stop(row: Import) -> None:
    row.state, row.failure = ImportState.PAUSED, _("The listing is no longer open. Open it, then resume the import.")
    record("import.paused", row.id, by=SYSTEM, orgs=[row.agency_id])


def _fail(row: Import | None) -> None:
    if row and row.state == ImportState.RUNNING:
        row.state, row.finished_at = ImportState.FAILED, clock.now()
        row.failure = _("We can no longer read the file. Upload it again; leads accepted so far stay.")
        record("import.failed", row.id, by=SYSTEM, orgs=[row.agency_id])


def _locked(import_id: UUID) -> Import | None:
    return session().scalar(
        select(Import).where(Import.id == import_id).with_for_update(), execution_options={"populate_existing": True}
    )
