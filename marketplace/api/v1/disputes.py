"""Disputes: opened by buyers, answered by agencies, decided by staff."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, send_file
from marshmallow import Schema, fields, validate

from marketplace import disputes
from marketplace.api.caller import caller
from marketplace.api.files import FileField, Part
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.dispute_shapes import STATES, DisputeOut, shown
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.disputes import Ruling, Verdict, afterthought
from marketplace.disputes.rules import MOST_FILES
from marketplace.disputes.schemas import AnswerIn, DecisionIn, DisputeIn, RulingIn, WordsIn
from marketplace.kit import downloads
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Power, Who

resource = Resource("disputes", "Disputes", most_mib=64, files_for=Power.DISPUTES_WRITE)

_SOME = validate.Length(max=MOST_FILES)


def _also_as_form(payload: type[Schema]) -> dict[str, Any]:
    """In the description: the same payload as a form whose files are parts of it."""
    name = payload.__name__.removesuffix("In") + "Form"
    form = payload.from_dict({"evidence": fields.List(Part())}, name=name)
    return {"content": {"multipart/form-data": {"schema": form}}}


class DisputeWithFilesIn(DisputeIn):
    evidence = fields.List(FileField(), load_default=list, validate=_SOME)


class AnswerWithFilesIn(AnswerIn):
    evidence = fields.List(FileField(), load_default=list, validate=_SOME)


class AppealWithFilesIn(WordsIn):
    evidence = fields.List(FileField(), load_default=list, validate=_SOME)


class EvidenceIn(Schema):
    evidence = fields.List(FileField(), required=True, validate=validate.Length(1, MOST_FILES))


class DisputesIn(PageIn):
    state = fields.String(validate=validate.OneOf(STATES))


@resource.post("/orders/<uuid:order_id>/disputes")
@takes_key
@resource.doc(requestBody=_also_as_form(DisputeIn))
@resource.arguments(DisputeWithFilesIn, location="json_or_multipart")
@resource.response(HTTPStatus.CREATED, DisputeOut)
def open_dispute(body: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """Say that a lead was bad; its money is not released while this stands"""
    who = caller()
    case = order_id, body["reason"], body["statement"], body["evidence"], body["deposit_cents"]
    with transaction():
        return _shown(who, once(who, lambda: disputes.open_dispute(who, *case).id))


@resource.get("/disputes")
@resource.arguments(DisputesIn, location="query")
@resource.response(HTTPStatus.OK, page_of(DisputeOut))
def all_disputes(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Your disputes, newest first; staff see all"""
    found = disputes.disputes_for(caller(), query["ask"], query.get("state"))
    return Page(shown([line.dispute for line in found.items]), found.next_cursor)


@resource.get("/disputes/<uuid:dispute_id>")
@resource.response(HTTPStatus.OK, DisputeOut)
def one_dispute(dispute_id: UUID) -> dict[str, Any]:
    """A dispute with everything that was said"""
    return _shown(caller(), dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/answers")
@takes_key
@resource.doc(requestBody=_also_as_form(AnswerIn))
@resource.arguments(AnswerWithFilesIn, location="json_or_multipart")
@resource.response(HTTPStatus.CREATED, DisputeOut)
def answer(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """The agency says what it knows, or gives the money back with `concede`; either side answers the other's appeal"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: _answered(who, dispute_id, body)))


@resource.post("/disputes/<uuid:dispute_id>/evidence")
@takes_key
@resource.doc(requestBody=_also_as_form(EvidenceIn))
@resource.arguments(EvidenceIn, location="json_or_multipart")
@resource.response(HTTPStatus.CREATED, DisputeOut)
def add_evidence(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """Add files while the dispute is open"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: disputes.add_evidence(who, dispute_id, body["evidence"]).id))


@resource.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>")
@resource.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download(dispute_id: UUID, evidence_id: UUID) -> Response:
    """A file, always as a download"""
    found, content = disputes.open_for(caller(), dispute_id, evidence_id)
    response = send_file(content, mimetype=found.content_type, as_attachment=True, download_name=found.name)
    response.headers.update(downloads.HEADERS)
    return response


@resource.post("/disputes/<uuid:dispute_id>/withdrawal")
@takes_key
@resource.response(HTTPStatus.OK, DisputeOut)
def withdraw(dispute_id: UUID) -> dict[str, Any]:
    """The buyer takes it back"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: disputes.withdraw(who, dispute_id).id))


@resource.post("/disputes/<uuid:dispute_id>/appeals")
@takes_key
@resource.doc(requestBody=_also_as_form(WordsIn))
@resource.arguments(AppealWithFilesIn, location="json_or_multipart")
@resource.response(HTTPStatus.CREATED, DisputeOut)
def appeal(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """Ask for another look at a decision against you, once, within 72 hours; somebody else decides"""
    who = caller()
    with transaction():
        once(who, lambda: disputes.appeal(who, dispute_id, body["statement"], body["evidence"]).dispute_id)
        return _shown(who, dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/appeals/<any(buyer, agency):side>/decisions")
@takes_key
@resource.arguments(RulingIn)
@resource.response(HTTPStatus.CREATED, DisputeOut)
def decide_appeal(ruling: Ruling, dispute_id: UUID, side: str) -> dict[str, Any]:
    """Staff who have not decided the dispute decide an appeal; money moves at once, and that is final"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        once(who, lambda: _decided(who, dispute_id, ruling, side))
        return _shown(who, dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/decisions")
@takes_key
@resource.arguments(DecisionIn)
@resource.response(HTTPStatus.CREATED, DisputeOut)
def decide(verdict: Verdict, dispute_id: UUID) -> dict[str, Any]:
    """Staff decide; the refund is given back at once

    It repays first what the buyer owes; what its bank contests is frozen, and the rest is in the wallet.
    """
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        return _shown(who, once(who, lambda: _decided(who, dispute_id, verdict)))


def _decided(who: Who, dispute_id: UUID, decision: Verdict | Ruling, side: str | None = None) -> UUID:
    afterthought.at_once(who, dispute_id, decision, side=side)
    return dispute_id


def _answered(who: Who, dispute_id: UUID, body: dict[str, Any]) -> UUID:
    if body["concede"]:
        return disputes.concede(who, dispute_id).id
    if disputes.find_for(who, dispute_id).is_open:
        return disputes.answer(who, dispute_id, body["statement"], body["evidence"]).id
    return disputes.answer_appeal(who, dispute_id, body["statement"], body["evidence"]).dispute_id


def _shown(who: Who, dispute_id: UUID) -> dict[str, Any]:
    (told,) = shown([disputes.find_for(who, dispute_id)])
    return told
