"""The first look at a file, in the worker: how it is written, what its columns hold, how many rows it has."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.leads.errors import FileLost
from marketplace.leads.imports.layouts import Reading, count_rows, look_at
from marketplace.leads.models import Import, ImportState
from marketplace.leads.reading import Unreadable


def guess(import_id: UUID) -> None:
    """Guess an uploaded file; an import that is to start automatically starts if the guess can be used.

    The file is read before the row is locked: whoever gives the import up meanwhile does not wait.
    """
    row = session().scalars(select(Import).where(Import.id == import_id)).one()
    if row.state != ImportState.GUESSING:
        return
    try:
        found = look_at(row)
        rows = count_rows(row, found)
    except Unreadable as why:
        _fail(import_id, why.message)
    except FileLost:
        _fail(import_id, _("We no longer have the file. Upload it again."))
    else:
        _keep(import_id, found, rows)


def _keep(import_id: UUID, found: dict[str, Any], rows: int) -> None:
    row = _locked(import_id)
    if row.state != ImportState.GUESSING:
        return
    row.guess, row.rows, row.state = found, rows, ImportState.WAITING
    record("import.guessed", row.id, by=SYSTEM, orgs=[row.agency_id], rows=row.rows)
    if row.starts_itself and Reading.of(row).reaches_people:
        row.state, row.started_at = ImportState.RUNNING, clock.now()
        record("import.started", row.id, by=SYSTEM, orgs=[row.agency_id])


def _fail(import_id: UUID, why: str) -> None:
    row = _locked(import_id)
    if row.state == ImportState.GUESSING:
        row.state, row.failure, row.finished_at = ImportState.FAILED, why, clock.now()
        record("import.failed", row.id, by=SYSTEM, orgs=[row.agency_id])


def _locked(import_id: UUID) -> Import:
    statement = select(Import).where(Import.id == import_id).with_for_update()
    return session().scalars(statement, execution_options={"populate_existing": True}).one()
