"""The first look at a file, in the worker: how it is written, what its columns hold, how many rows it has."""

from uuid import UUID

from sqlalchemy import select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads.imports.layouts import look_at, rows_of
from marketplace.leads.models import Import, ImportState
from marketplace.leads.reading import Layout, Unreadable


def guess(import_id: UUID) -> None:
    """Guess an uploaded file; an import that was to start by itself starts when the guess can be used."""
    row = session().scalars(select(Import).where(Import.id == import_id).with_for_update()).one()
    if row.state != ImportState.GUESSING:
        return
    try:
        row.guess = look_at(row)
    except Unreadable as why:
        _fail(row, why.message)
        return
    with rows_of(row, Layout.from_json(row.guess["layout"])) as rows:
        row.rows = sum(1 for _ in rows)
    row.state = ImportState.WAITING
    record("import.guessed", row.id, by=SYSTEM, orgs=[row.agency_id], rows=row.rows)
    if row.starts_itself:
        row.state, row.started_at = ImportState.RUNNING, clock.now()
        record("import.started", row.id, by=SYSTEM, orgs=[row.agency_id])


def _fail(row: Import, why: str) -> None:
    row.state, row.failure, row.finished_at = ImportState.FAILED, why, clock.now()
    record("import.failed", row.id, by=SYSTEM, orgs=[row.agency_id])
