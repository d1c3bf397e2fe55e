"""Files of leads: sent, matched, run, explained."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from marketplace import catalog, leads
from marketplace.catalog import ListingNotOpen
from marketplace.kit import clock, files, limits
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.leads import Import, ImportState, imports
from marketplace.leads.errors import FileLost, WrongImportState
from marketplace.people import Power, Who
from marketplace.web.bodies import takes_leads
from marketplace.web.file_reading import reading_of
from marketplace.web.matching import correction_of, matching_of
from marketplace.web.progress import run_of
from marketplace.web.session import who

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

_ROWS = 25
_USUALLY = timedelta(minutes=1)
_MOVES_BY_ITSELF = (ImportState.GUESSING, ImportState.RUNNING)
_FILES_AN_HOUR = limits.Limit("imports", 120, 3600)


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _index()


@blueprint.post("")
@takes_leads(Power.LEADS_WRITE, _FILES_AN_HOUR)
def upload() -> ResponseReturnValue:
    try:
        listing_id, file = _sent()
    except Invalid as why:
        return _index(why)
    return _to(_taken_up(who(), listing_id, file).id)


@blueprint.get("/<uuid:import_id>")
def show(import_id: UUID) -> ResponseReturnValue:
    return _page(leads.import_for(who(), import_id))


@blueprint.get("/<uuid:import_id>/progress")
def progress(import_id: UUID) -> ResponseReturnValue:
    """The part of the page that moves; when the import has come to another state, the whole page is asked for."""
    agency = who()
    row = leads.import_for(agency, import_id)
    if row.state != request.args.get("state") or row.state not in _MOVES_BY_ITSELF:
        return Response(headers={"HX-Refresh": "true"})
    if row.state == ImportState.GUESSING:
        return render_template("imports/_guessing_live.html", row=row, is_slow=_is_slow(row))
    return render_template("imports/_run_live.html", run=run_of(agency, row), can_send=agency.can(Power.LEADS_WRITE))


@blueprint.post("/<uuid:import_id>/reading")
def read_again(import_id: UUID) -> ResponseReturnValue:
    return _corrected(import_id, lambda row: reading_of(row.guess or {}, request.form))


@blueprint.post("/<uuid:import_id>/columns")
def match(import_id: UUID) -> ResponseReturnValue:
    return _corrected(import_id, lambda row: correction_of(row, request.form, is_final=False))


@blueprint.post("/<uuid:import_id>/start")
def start(import_id: UUID) -> ResponseReturnValue:
    agency = who()
    row = leads.import_for(agency, import_id)
    if row.state != ImportState.WAITING:
        return _to(row.id)
    try:
        correction = correction_of(row, request.form, is_final=True)
        with transaction():
            imports.start(agency, import_id, correction)
    except WrongImportState:
        return _to(import_id)
    except ListingNotOpen as why:
        flash(str(why), "warning")
    except Invalid as why:
        return _refused_match(agency, import_id, why)
    return _to(import_id)


@blueprint.post("/<uuid:import_id>/pause")
def pause(import_id: UUID) -> ResponseReturnValue:
    return _moved(import_id, imports.pause)


@blueprint.post("/<uuid:import_id>/resumption")
def resume(import_id: UUID) -> ResponseReturnValue:
    return _moved(import_id, imports.resume)


@blueprint.post("/<uuid:import_id>/cancellation")
def cancel(import_id: UUID) -> ResponseReturnValue:
    return _moved(import_id, imports.cancel)


@blueprint.get("/<uuid:import_id>/rejected.csv")
def rejected(import_id: UUID) -> ResponseReturnValue:
    reason = request.args.get("reason", "")
    pieces = imports.errors_csv(who(), import_id, reason=reason)
    response = Response(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rejected-{import_id}.csv"'
    return response


def _index(why: Invalid | None = None) -> ResponseReturnValue:
    agency = who()
    page = leads.imports_for(agency, Ask(request.args.get("cursor"), _ROWS))
    content = render_template(
        "imports/index.html",
        page=page,
        listings=catalog.by_id_for(agency, {row.listing_id for row in page.items}),
        targets=[(str(listing.id), listing.title) for listing in catalog.open_listings_for(agency)],
        chosen=request.values.get("listing", ""),
        can_send=agency.can(Power.LEADS_WRITE),
        most_mib=_most_mib(),
        errors=why.fields if why else {},
        is_first=not request.args.get("cursor"),
    )
    return content, why.status if why else HTTPStatus.OK


def _page(row: Import) -> str:
    agency = who()
    can_send = agency.can(Power.LEADS_WRITE)
    if row.state == ImportState.GUESSING:
        listing = catalog.find_for(agency, row.listing_id)
        shown = {"row": row, "listing": listing, "is_slow": _is_slow(row)}
        return render_template("imports/guessing.html", **shown, can_send=can_send)
    if row.state == ImportState.WAITING:
        return _match_page(agency, row)
    return render_template("imports/run.html", run=run_of(agency, row), can_send=can_send)


def _is_slow(row: Import) -> bool:
    return clock.now() - row.created_at > _USUALLY


def _match_page(agency: Who, row: Import, why: Invalid | None = None) -> str:
    listing, can_send = catalog.find_for(agency, row.listing_id), agency.can(Power.LEADS_WRITE)
    try:
        match = matching_of(row, listing, request.form if why and "seen" in request.form else None, why)
    except FileLost as lost:
        return render_template("imports/lost.html", row=row, why=lost, can_send=can_send)
    return render_template("imports/match.html", match=match, can_send=can_send)


def _refused_match(agency: Who, import_id: UUID, why: Invalid) -> ResponseReturnValue:
    return _match_page(agency, leads.import_for(agency, import_id), why), why.status


def _corrected(import_id: UUID, told: Callable[[Import], dict[str, Any]]) -> ResponseReturnValue:
    """Change how the file is read before it runs; a wish that does not fit is shown beside what is wrong."""
    agency = who()
    try:
        with transaction():
            imports.correct(agency, import_id, told(leads.import_for(agency, import_id)))
    except WrongImportState:
        return _to(import_id)
    except Invalid as why:
        return _refused_match(agency, import_id, why)
    return _to(import_id)


def _moved(import_id: UUID, act: Callable[[Who, UUID], Import]) -> AnyResponse:
    try:
        with transaction():
            act(who(), import_id)
    except WrongImportState:
        flash(_("Meanwhile the import has come to another state."), "warning")
    except ListingNotOpen as why:
        flash(str(why), "warning")
    return _to(import_id)


def _taken_up(agency: Who, listing_id: UUID, file: FileStorage) -> Import:
    """Store the file, then make its import; a file that no import took up is removed again."""
    stored = imports.store(file.stream, most=_most_mib() << 20)
    row: Import | None = None
    try:
        with transaction():
            row = imports.create_once(agency, listing_id, stored, file_name=file.filename or "")
    finally:
        if row is None or row.stored_as != stored.stored_as:
            files.remove(stored.stored_as)
    return row


def _sent() -> tuple[UUID, FileStorage]:
    """The listing and the file that the form names. Raises Invalid."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid(fields={"file": _("Choose a file first.")})
    try:
        return UUID(request.form.get("listing", "")), file
    except ValueError:
        raise Invalid(fields={"listing": _("Choose the listing that the leads go to.")}) from None


def _most_mib() -> int:
    return int(current_app.extensions["settings"].max_upload_mib)


def _to(import_id: UUID) -> AnyResponse:
    return redirect(url_for(".show", import_id=import_id), HTTPStatus.SEE_OTHER)
