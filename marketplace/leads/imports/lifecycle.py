"""What a person does with an import: upload, correct and start, pause, go on, give up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from marketplace import catalog
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid
from marketplace.kit.text import clean_text
from marketplace.leads.errors import NoMapping, WrongImportState
from marketplace.leads.imports.layouts import Reading, count_rows, look_at, trade_of
from marketplace.leads.imports.storing import Stored
from marketplace.leads.models import Import, ImportState
from marketplace.leads.queries import import_for
from marketplace.leads.reading import Layout, Unreadable, mapping_problems
from marketplace.leads.rules import IMPORT_ALLOWED
from marketplace.people import Power, Who

_LAYOUT = ("encoding", "delimiter", "header_row", "default_country")
#: what is found anew when this is corrected, unless it is corrected too
_FOLLOWS: Mapping[str, tuple[str, ...]] = {"encoding": ("delimiter", "header_row"), "delimiter": ("header_row",)}
_LONGEST_NAME = 200
#: the same file from the same person within this time is a second click, not a second wish
_SAME_CLICK = timedelta(minutes=1)
_UNFINISHED = (ImportState.GUESSING, ImportState.WAITING, ImportState.RUNNING, ImportState.PAUSED)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('upload:' || :person, 0))")
#: a file up to this size is counted again at once when it is read in another way
_QUICKLY_COUNTED = 8 << 20


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


def create_once(who: Who, listing_id: UUID, stored: Stored, *, file_name: str) -> Import:
    """The same for a page, where a second click sends the file twice: the first import answers both.

    Raises:
        NotFound, Forbidden, ListingNotOpen.
    """
    who.need(Power.LEADS_WRITE)
    session().execute(_ONE_AT_A_TIME, {"person": str(who.user_id)})
    same = select(Import).where(
        Import.agency_id == who.org_id,
        Import.listing_id == listing_id,
        Import.user_id == who.user_id,
        Import.fingerprint == stored.fingerprint,
        Import.state.in_(_UNFINISHED),
        Import.created_at > clock.now() - _SAME_CLICK,
    )
    earlier = session().scalar(same.order_by(Import.id.desc()).limit(1))
    return earlier or create(who, listing_id, stored, file_name=file_name)


def correct(who: Who, import_id: UUID, correction: Mapping[str, Any]) -> Import:
    """Change how the file is read before it runs; what is not named stays.

    A new encoding or delimiter finds anew what follows from it; where the columns come out as before, what a person
    has said about them stays.

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
        _look_again(row, row.guess, correction)
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
        NotFound, Forbidden, WrongImportState, Invalid, NoMapping: no column holds a way to reach anybody,
        ListingNotOpen.
    """
    if not correction and _mine(who, import_id).state == ImportState.RUNNING:
        return _mine(who, import_id)
    row = correct(who, import_id, correction)
    if not Reading.of(row).reaches_people:
        raise NoMapping
    if not catalog.find_for(who, row.listing_id).is_open:
        raise catalog.ListingNotOpen
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
    """Go on where it was paused. Raises NotFound, Forbidden, WrongImportState, ListingNotOpen."""
    row = _mine(who, import_id)
    if row.state != ImportState.RUNNING:
        if row.state != ImportState.PAUSED:
            raise WrongImportState
        if not catalog.find_for(who, row.listing_id).is_open:
            raise catalog.ListingNotOpen
        _move(row, ImportState.RUNNING)
        row.failure = None
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


def _look_again(row: Import, known: Mapping[str, Any], correction: Mapping[str, Any]) -> None:
    """Read the file in the corrected way; the mapping stays when the columns are the same."""
    stale = {name for part in correction for name in _FOLLOWS.get(part, ())} - set(correction)
    wanted = {name: correction.get(name, known[name]) for name in _LAYOUT if name not in stale}
    try:
        found = look_at(row, **wanted)
        if found["layout"] != known["layout"] and row.size <= _QUICKLY_COUNTED:
            row.rows = count_rows(row, found)
    except Unreadable as why:
        raise Invalid(why.message) from why
    if "encoding" not in correction:
        found["layout"] |= {name: known["layout"][name] for name in ("sure", "other_encodings")}
    is_same = found["layout"]["headers"] == known["layout"]["headers"]
    row.guess = {**found, "mapping": known["mapping"], "date_order": known["date_order"]} if is_same else found


def _declared(who: Who, consent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The declaration with who made it and when; it is kept with every lead that relies on it."""
    if not consent or not str(consent.get("text") or "").strip():
        return None
    parts = {name: str(consent.get(name) or "").strip() for name in ("text", "version", "method", "url")}
    return {**parts, "declared_by": str(who.user_id), "declared_at": clock.now().isoformat()}
