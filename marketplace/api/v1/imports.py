"""Files of leads: sent, corrected, run, explained."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from flask import Response, current_app, request
from marshmallow import Schema, fields, validate

from marketplace import leads
from marketplace.api.caller import caller
from marketplace.api.files import Part
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.kit import files, limits
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.kit.schemas import Country
from marketplace.leads import Import, ImportState, imports
from marketplace.people import Power, Who

P = ParamSpec("P")
R = TypeVar("R")

resource = Resource("imports", "Imports")


_FILES_AN_HOUR = limits.Limit("imports", 120, 3600)
_CONSENT = ("text", "version", "method", "url")
_LONG = validate.Length(max=2000)
_SHORT = validate.Length(max=200)


def takes_file(view: Callable[P, R]) -> Callable[P, R]:
    """Let an act take a file of leads. Nothing of it is read before its sender may send one, and not too often."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        who = caller()
        who.need(Power.LEADS_WRITE)
        with transaction():
            limits.spend(_FILES_AN_HOUR, str(who.org_id))
        request.max_content_length = current_app.extensions["settings"].longest_body
        return view(*args, **kwargs)

    return wrapper


class StartIn(Schema):
    auto = fields.Boolean(load_default=False, metadata={"description": "Accept the guess and start by itself."})


class ImportIn(Schema):
    """A file, and the consent declared for rows without their own: it counts as unknown until it is proven."""

    file = Part(required=True)
    consent_text = fields.String(load_default="", validate=_LONG)
    consent_version = fields.String(load_default="", validate=_SHORT)
    consent_method = fields.String(load_default="", validate=_SHORT)
    consent_url = fields.String(load_default="", validate=_LONG)


class DeclaredConsent(Schema):
    text = fields.String(required=True, validate=_LONG)
    version = fields.String(load_default="", validate=_SHORT)
    method = fields.String(load_default="", validate=_SHORT)
    url = fields.String(load_default="", validate=_LONG)


class CorrectionIn(Schema):
    """What was guessed wrong; what is not named stays. `mapping` is {column: target}, only the changed ones."""

    encoding = fields.String(validate=validate.Length(1, 40))
    delimiter = fields.String(validate=validate.Length(1, 1))
    header_row = fields.Integer(strict=True, validate=validate.Range(0, 1000))
    default_country = Country()
    date_order = fields.String(validate=validate.OneOf(["mdy", "dmy"]))
    mapping = fields.Dict(keys=fields.String(validate=_SHORT), values=fields.String(validate=_SHORT))
    consent = fields.Nested(DeclaredConsent, allow_none=True)


class GuessOut(Schema):
    """How the file is read: `mapping` is {column: target}; `columns` say how sure each is, and why."""

    encoding = fields.String(required=True)
    delimiter = fields.String(required=True)
    header_row = fields.Integer(required=True)
    mapping = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    confidence = fields.Float(required=True)
    date_order = fields.String(required=True)
    default_country = fields.String(required=True)
    columns = fields.List(fields.Dict(keys=fields.String()))


class ImportOut(Schema):
    id = fields.UUID(required=True)
    listing_id = fields.UUID(required=True)
    file_name = fields.String(required=True)
    size = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in ImportState]))
    guess = fields.Nested(GuessOut, required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)
    done = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    held = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


@resource.post("/listings/<uuid:listing_id>/imports")
@takes_key
@takes_file
@resource.arguments(StartIn, location="query")
@resource.arguments(ImportIn, location="multipart")
@resource.response(202, ImportOut)
def upload(start: dict[str, bool], form: dict[str, Any], listing_id: UUID) -> Import:
    """Send a file of leads

    A worker guesses how it is written; look at `guess`, correct it with PATCH, and it runs.
    """
    who, file = caller(), form["file"]
    consent = {name: form[f"consent_{name}"] for name in _CONSENT}
    options = {"file_name": file.filename, "starts_itself": start["auto"], "consent": consent}
    return _taken_up(who, listing_id, file.stream, options)


@resource.get("/imports")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(ImportOut))
def all_imports(query: dict[str, Any]) -> Page[Import]:
    """Your imports, newest first"""
    return leads.imports_for(caller(), query["ask"])


@resource.get("/imports/<uuid:import_id>")
@resource.response(200, ImportOut)
def one_import(import_id: UUID) -> Import:
    """One of your imports: how far it is, and how its rows came out"""
    return leads.import_for(caller(), import_id)


@resource.patch("/imports/<uuid:import_id>")
@resource.arguments(CorrectionIn)
@resource.response(200, ImportOut)
def start(correction: dict[str, Any], import_id: UUID) -> Import:
    """Correct the guess and start"""
    with transaction():
        return imports.start(caller(), import_id, correction)


@resource.post("/imports/<uuid:import_id>/pause")
@takes_key
@resource.response(200, ImportOut)
def pause(import_id: UUID) -> Import:
    """Stop after the rows at work; everything done stays"""
    who = caller()
    with transaction():
        return leads.import_for(who, once(who, lambda: imports.pause(who, import_id).id))


@resource.post("/imports/<uuid:import_id>/resumption")
@takes_key
@resource.response(200, ImportOut)
def resume(import_id: UUID) -> Import:
    """Go on where it was paused"""
    who = caller()
    with transaction():
        return leads.import_for(who, once(who, lambda: imports.resume(who, import_id).id))


@resource.post("/imports/<uuid:import_id>/cancellation")
@takes_key
@resource.response(200, ImportOut)
def cancel(import_id: UUID) -> Import:
    """Give up; leads accepted so far stay"""
    who = caller()
    with transaction():
        return leads.import_for(who, once(who, lambda: imports.cancel(who, import_id).id))


@resource.get("/imports/<uuid:import_id>/errors.csv")
@resource.response(200, {"type": "string"}, content_type="text/csv", description="Every rejected row with its reasons")
def errors(import_id: UUID) -> Response:
    """The rejected rows as they came, each with its reasons"""
    pieces = imports.errors_csv(caller(), import_id)
    response = Response(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}-errors.csv"'
    return response


def _taken_up(who: Who, listing_id: UUID, stream: Any, options: dict[str, Any]) -> Import:
    """Store the file, then make its import; a file that no import took up is removed again."""
    stored = imports.store(stream, most=current_app.extensions["settings"].max_upload_mib << 20)
    row: Import | None = None
    try:
        with transaction():
            made = once(who, lambda: imports.create(who, listing_id, stored, **options).id)
            row = leads.import_for(who, made)
    finally:
        if row is None or row.stored_as != stored.stored_as:
            files.remove(stored.stored_as)
    return row
