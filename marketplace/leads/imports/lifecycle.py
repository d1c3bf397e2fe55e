"""What a person does with an import: upload, correct and start, pause, go on, give up."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marketplace import catalog
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid
from marketplace.kit.text import clean_text
from marketplace.leads.errors import NoMapping, WrongImportState
from marketplace.leads.imports.layouts import look_at, trade_of
from marketplace.leads.imports.storing import Stored
from marketplace.leads.models import Import, ImportState
from marketplace.leads.queries import import_for
from marketplace.leads.reading import Layout, Unreadable, mapping_problems
from marketplace.leads.rules import IMPORT_ALLOWED
from marketplace.people import Power, Who

_LAYOUT = ("encoding", "delimiter", "header_row", "default_country")
_LONGEST_NAME = 200


def create(
    who: Who,
    listing_id: UUID,
    stored: Stored,
    *,
    file_name: str,
    starts_itself: bool = False,
    consent: Mapping[str, Any] | None = None,
) -> Import:
    """Take a stored file up as an import into an open listing.

    Args:
        starts_itself: accept the guess without asking.
        consent: text, version, method and url declared for rows without their own.

    Raises:
        NotFound, Forbidden, ListingNotOpen.
    """
    who.need(Power.LEADS_WRITE)
    listing = catalog.find_for(who, listing_id)
    if not listing.is_open:
        raise catalog.ListingNotOpen
    row = Import(
        listing_id=listing.id,
        agency_id=who.org_id,
        user_id=who.user_id,
        file_name=clean_text(file_name)[-_LONGEST_NAME:] or "leads.csv",
        stored_as=stored.stored_as,
        size=stored.size,
        fingerprint=stored.fingerprint,
        state=ImportState.GUESSING,
        starts_itself=starts_itself,
        consent=_declared(who, consent),
        created_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record("import.uploaded", row.id, by=who, orgs=[who.org_id], size=row.size)
    return row


def correct(who: Who, import_id: UUID, correction: Mapping[str, Any]) -> Import:
    """Change how the file is read before it runs; what is not named stays.

    Args:
        correction: any of encoding, delimiter, header_row, default_country, date_order (`mdy` or `dmy`), mapping
            (column name -> target, only the changed ones), consent.

    Raises:
        NotFound, Forbidden, WrongImportState, Invalid: with the message of each wrong part.
    """
    row = _mine(who, import_id)
    if row.state != ImportState.WAITING or row.guess is None:
        raise WrongImportState
    if any(name in correction for name in _LAYOUT):
        row.guess = _looked_at_again(row, correction)
    mapping = {**row.guess["mapping"], **correction.get("mapping", {})}
    problems = mapping_problems(mapping, Layout.from_json(row.guess["layout"]), trade_of(row).fields)
    if problems:
        raise Invalid(fields={f"mapping.{column}": message for column, message in problems.items()})
    order = correction.get("date_order", row.guess["date_order"])
    row.guess = {**row.guess, "mapping": mapping, "date_order": order}
    if "consent" in correction:
        row.consent = _declared(who, correction["consent"])
    return row


def start(who: Who, import_id: UUID, correction: Mapping[str, Any]) -> Import:
    """Correct the guess and start; an import that runs already stays as it is.

    Raises:
        NotFound, Forbidden, WrongImportState, Invalid, NoMapping: no column holds a way to reach anybody.
    """
    if not correction and _mine(who, import_id).state == ImportState.RUNNING:
        return _mine(who, import_id)
    row = correct(who, import_id, correction)
    if not {"phone", "email", "social_url"} & set((row.guess or {})["mapping"].values()):
        raise NoMapping
    _move(row, ImportState.RUNNING)
    row.started_at = clock.now()
    record("import.started", row.id, by=who, orgs=[who.org_id])
    return row


def pause(who: Who, import_id: UUID) -> Import:
    """Stop after the chunk at work; everything done stays. Raises NotFound, Forbidden, WrongImportState."""
    row = _mine(who, import_id)
    if row.state != ImportState.PAUSED:
        _move(row, ImportState.PAUSED)
        record("import.paused", row.id, by=who, orgs=[who.org_id])
    return row


def resume(who: Who, import_id: UUID) -> Import:
    """Go on where it was paused. Raises NotFound, Forbidden, WrongImportState."""
    row = _mine(who, import_id)
    if row.state != ImportState.RUNNING:
        if row.state != ImportState.PAUSED:
            raise WrongImportState
        _move(row, ImportState.RUNNING)
        record("import.resumed", row.id, by=who, orgs=[who.org_id])
    return row


def cancel(who: Who, import_id: UUID) -> Import:
    """Give up: leads accepted so far stay, nothing more is read. Raises NotFound, Forbidden, WrongImportState."""
    row = _mine(who, import_id)
    if row.state != ImportState.CANCELLED:
        _move(row, ImportState.CANCELLED)
        row.finished_at = clock.now()
        record("import.cancelled", row.id, by=who, orgs=[who.org_id])
    return row


def _mine(who: Who, import_id: UUID) -> Import:
    who.need(Power.LEADS_WRITE)
    return import_for(who, import_id, lock=True)


def _move(row: Import, state: ImportState) -> None:
    if state not in IMPORT_ALLOWED[ImportState(row.state)]:
        raise WrongImportState
    row.state = state


def _looked_at_again(row: Import, correction: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: (row.guess or {})[name] for name in _LAYOUT}
    try:
        return look_at(row, **{**known, **{name: correction[name] for name in _LAYOUT if name in correction}})
    except Unreadable as why:
        raise Invalid(why.message) from why


def _declared(who: Who, consent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The declaration with who made it and when; it is kept with every lead that relies on it."""
    if not consent or not str(consent.get("text") or "").strip():
        return None
    parts = {name: str(consent.get(name) or "").strip() for name in ("text", "version", "method", "url")}
    return {**parts, "declared_by": str(who.user_id), "declared_at": clock.now().isoformat()}
