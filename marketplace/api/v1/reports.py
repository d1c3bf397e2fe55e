"""Whether sales are reported: a buyer's own figures and its answer; staff see all of them and decide."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, jsonify, send_file
from marshmallow import Schema, fields, validate

from marketplace.api.caller import caller
from marketplace.api.files import FileField, Part
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.disputes import doubts
from marketplace.disputes.doubts import Doubt, DoubtState, Finding
from marketplace.disputes.doubts.deciding import EXPLAINED, Act, go_on
from marketplace.disputes.doubts.schemas import DoubtAnswerIn, DoubtCallIn
from marketplace.disputes.rules import MOST_FILES
from marketplace.kit import downloads
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, NotFound
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Page
from marketplace.kit.schemas import REASON
from marketplace.orders.sales import prepaid
from marketplace.people import Power, Who
from marketplace.quality import reporting
from marketplace.quality.reporting import ReportTest

resource = Resource("reports", "Sales", most_mib=64, files_for=Power.ORDERS_WRITE)


class TestOut(Schema):
    """How a test of reports stands.

    `leads` were counted once each, `left_out` had no calibrated chance. `bet_to_act` asks for proof at `flag_at`: an
    honest buyer reaches it with a chance of at most 1 %, if the chances are calibrated; without `has_guarantee` nothing
    is counted and nobody is flagged.
    """

    buyer_id = fields.UUID(required=True)
    has_guarantee = fields.Boolean(required=True)
    leads = fields.Integer(required=True)
    left_out = fields.Integer(required=True)
    reported = fields.Integer(required=True)
    expected = fields.Float(required=True)
    bet_to_watch = fields.Float(required=True, attribute="watching.e_value")
    bet_to_act = fields.Float(required=True, attribute="acting.e_value")
    flag_at = fields.Float(required=True)
    watched_at = fields.AwareDateTime(required=True, allow_none=True)
    flagged_at = fields.AwareDateTime(required=True, allow_none=True)
    counted_at = fields.AwareDateTime(required=True)


class DoubtFileOut(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True)


class DoubtCallOut(Schema):
    """A person to be called; for staff only."""

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    finding = fields.String(required=True, allow_none=True, validate=validate.OneOf([each.value for each in Finding]))
    note = fields.String(required=True)


class DoubtOut(Schema):
    """A request for proof. `calls` are for staff; `reasoning` is told once it is decided."""

    id = fields.UUID(required=True)
    buyer_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in DoubtState]))
    leads = fields.Integer(required=True)
    opened_at = fields.AwareDateTime(required=True)
    answer_by = fields.AwareDateTime(required=True)
    statement = fields.String(required=True)
    reasoning = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    files = fields.List(fields.Nested(DoubtFileOut), required=True)
    calls = fields.List(fields.Nested(DoubtCallOut), required=True)


class OwnReportsOut(Schema):
    """A buyer's own: its test, its newest request for proof, and whether it takes leads for a price only."""

    test = fields.Nested(TestOut, required=True, allow_none=True)
    doubt = fields.Nested(DoubtOut, required=True, allow_none=True)
    is_prepaid = fields.Boolean(required=True)


class DoubtAnswerWithFilesIn(DoubtAnswerIn):
    evidence = fields.List(FileField(), load_default=list, validate=validate.Length(max=MOST_FILES))


class DoubtDecisionIn(Schema):
    """`propose`, `clear` and `lift` say why; `confirm` and `refuse` are for a second person."""

    act = fields.Enum(Act, required=True, by_value=True)
    reasoning = fields.String(load_default="", validate=lambda words: REASON(words) if words else words)


_FORM = DoubtAnswerIn.from_dict({"evidence": fields.List(Part())}, name="DoubtAnswerForm")


@resource.get("/reporting")
@resource.response(HTTPStatus.OK, OwnReportsOut)
def own() -> dict[str, Any]:
    """How your reports compare with what was to be expected"""
    who = caller()
    who.need(Power.ORDERS_READ)
    if not who.is_buyer:
        raise NotFound
    doubt = doubts.newest_of(who.org_id)
    return {
        "test": reporting.test_of(who.org_id),
        "doubt": _told(who, doubt) if doubt else None,
        "is_prepaid": prepaid.is_prepaid(who.org_id),
    }


@resource.get("/report-tests")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(TestOut))
def tests(query: dict[str, Any]) -> Page[ReportTest]:
    """Every buyer's test, flagged ones first, for staff"""
    found = reporting.tests_for(caller(), query["ask"])
    return Page([test for test, _buyer in found.items], found.next_cursor)


@resource.get("/report-doubts")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(DoubtOut))
def all_doubts(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Every request for proof, newest first, for staff"""
    who = caller()
    found = doubts.doubts_for(who, query["ask"])
    return Page([_told(who, doubt) for doubt, _buyer in found.items], found.next_cursor)


@resource.get("/report-doubts/<uuid:doubt_id>")
@resource.response(HTTPStatus.OK, DoubtOut)
def one_doubt(doubt_id: UUID) -> dict[str, Any]:
    """A request for proof"""
    who = caller()
    return _told(who, doubts.doubt_for(who, doubt_id))


@resource.post("/report-doubts/<uuid:doubt_id>/answers")
@takes_key
@resource.doc(requestBody={"content": {"multipart/form-data": {"schema": _FORM}}})
@resource.arguments(DoubtAnswerWithFilesIn, location="json_or_multipart")
@resource.response(HTTPStatus.CREATED, DoubtOut)
def answer(said: dict[str, Any], doubt_id: UUID) -> dict[str, Any]:
    """Say and show how your leads went; again adds to it"""
    who = caller()
    with transaction():
        once(who, lambda: doubts.answer(who, doubt_id, said["statement"], said["evidence"]).id)
        return _told(who, doubts.doubt_for(who, doubt_id))


@resource.get("/report-doubts/<uuid:doubt_id>/files/<uuid:doubt_file_id>")
@resource.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download(doubt_id: UUID, doubt_file_id: UUID) -> Response:
    """A file of it, always as a download"""
    found, content = doubts.file_for(caller(), doubt_id, doubt_file_id)
    response = send_file(content, mimetype=found.content_type, as_attachment=True, download_name=found.name)
    response.headers.update(downloads.HEADERS)
    return response


@resource.post("/report-doubts/<uuid:doubt_id>/calls/<uuid:doubt_call_id>")
@takes_key
@resource.arguments(DoubtCallIn)
@resource.response(HTTPStatus.CREATED, DoubtOut)
def called(said: dict[str, Any], doubt_id: UUID, doubt_call_id: UUID) -> dict[str, Any]:
    """What the person said, for staff"""
    who = caller()
    with transaction():
        once(who, lambda: doubts.called(who, doubt_id, doubt_call_id, said["finding"], said["note"]).doubt_id)
        return _told(who, doubts.doubt_for(who, doubt_id))


@resource.get("/report-doubts/<uuid:doubt_id>/calls/<uuid:doubt_call_id>/contact")
@resource.response(HTTPStatus.OK, {"type": "object"})
def contact(doubt_id: UUID, doubt_call_id: UUID) -> Response:
    """Who is to be called, for staff, while the call is to be made; reading it is logged"""
    who = caller()
    with transaction():
        return jsonify(doubts.contact_of(who, doubt_id, doubt_call_id).to_json())


@resource.post("/report-doubts/<uuid:doubt_id>/decisions")
@takes_key
@resource.arguments(DoubtDecisionIn)
@resource.response(HTTPStatus.CREATED, DoubtOut)
def decide(said: dict[str, Any], doubt_id: UUID) -> dict[str, Any]:
    """Propose that it is proven, confirm or refuse that, clear the buyer, or lift what followed; for staff"""
    who = caller()
    if said["act"] in EXPLAINED and not said["reasoning"]:
        raise Invalid(fields={"reasoning": _("Give a reason (5 to 500 characters).")})
    with transaction():
        once(who, lambda: go_on(who, doubt_id, said["act"], said["reasoning"]).id)
        return _told(who, doubts.doubt_for(who, doubt_id))


def _told(who: Who, doubt: Doubt) -> dict[str, Any]:
    names = ("id", "buyer_id", "state", "leads", "opened_at", "answer_by", "statement", "reasoning", "decided_at")
    told = {name: getattr(doubt, name) for name in names}
    if not who.is_staff and doubt.is_open:
        told["reasoning"] = ""
        told["state"] = DoubtState.ANSWERED if doubt.answered_at else DoubtState.ASKED
    calls = [line.call for line in doubts.calls_of(doubt)] if who.is_staff else []
    return {**told, "files": doubts.files_of(doubt), "calls": calls}
