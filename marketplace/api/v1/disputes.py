"""Disputes: opened by buyers, answered by agencies, decided by staff."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, send_file
from marshmallow import Schema, fields, validate

from marketplace import disputes
from marketplace.api.caller import caller
from marketplace.api.files import FileField, Part
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.dispute_findings import LookedForOut, OddsPartOut, told
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.disputes import Appeal, Dispute, DisputeState, Evidence, Ruling, Verdict, deposits, verdicts
from marketplace.disputes.appealed import appeals_by_dispute
from marketplace.disputes.evidence import evidence_by_dispute
from marketplace.disputes.rules import MOST_FILES
from marketplace.disputes.schemas import AnswerIn, DecisionIn, DisputeIn, RulingIn, WordsIn
from marketplace.disputes.wording import said_in
from marketplace.kit import downloads
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Power, Who

resource = Resource("disputes", "Disputes", most_mib=64)

_CREATED, _OK = 201, 200
_STATES = [state.value for state in DisputeState]
_ENDS = frozenset(_STATES) - {DisputeState.OPEN, DisputeState.ANSWERED, DisputeState.WITHDRAWN}
_SOME = validate.Length(max=MOST_FILES)
_SIDE = validate.OneOf(["buyer", "agency"])


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
    state = fields.String(validate=validate.OneOf(_STATES))


class EvidenceOut(Schema):
    """A file of a party; fetch it at `/disputes/{id}/evidence/{evidence_id}`."""

    id = fields.UUID(required=True)
    by = fields.String(required=True, validate=_SIDE)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True)
    added_at = fields.AwareDateTime(required=True)


class AppealOut(Schema):
    """An appeal; percents are shares of the price that go back to the buyer, before and after."""

    side = fields.String(required=True, validate=_SIDE)
    state = fields.String(required=True, validate=validate.OneOf(["open", "won", "lost"]))
    statement = fields.String(required=True)
    filed_at = fields.AwareDateTime(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    decide_by = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    percent_before = fields.Integer(required=True)
    percent_after = fields.Integer(required=True, allow_none=True)
    amount_cents = fields.Integer(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)


class DepositOut(Schema):
    """What the buyer left with a dispute, for both sides to see."""

    cents = fields.Integer(required=True)
    currency = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["held", "returned", "forfeited"]))


class DisputeOut(Schema):
    """A dispute.

    `p_fake` is the probability that it is right, as far as is known now; `parts` are the points in log-odds that it
    comes from, each with its published rule and in words; `findings` what was looked for; `rules` those that decided
    it without a person.
    """

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    buyer_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    reason = fields.String(required=True)
    statement = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    answer_by = fields.AwareDateTime(required=True)
    decide_by = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    p_fake = fields.Float(required=True, allow_none=True)
    parts = fields.List(fields.Nested(OddsPartOut), required=True)
    findings = fields.List(fields.Nested(LookedForOut), required=True)
    rules = fields.List(fields.String(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    refund_percent = fields.Integer(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)
    early_reason = fields.String(required=True, allow_none=True)
    appeal_until = fields.AwareDateTime(required=True, allow_none=True)
    deposit = fields.Nested(DepositOut, required=True, allow_none=True)
    evidence = fields.List(fields.Nested(EvidenceOut), required=True)
    appeals = fields.List(fields.Nested(AppealOut), required=True)


@resource.post("/orders/<uuid:order_id>/disputes")
@takes_key
@resource.doc(requestBody=_also_as_form(DisputeIn))
@resource.arguments(DisputeWithFilesIn, location="json_or_multipart")
@resource.response(_CREATED, DisputeOut)
def open_dispute(body: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """Say that a lead was bad; its money is not released while this stands"""
    who = caller()
    case = order_id, body["reason"], body["statement"], body["evidence"], body["deposit_cents"]
    with transaction():
        return _shown(who, once(who, lambda: disputes.open_dispute(who, *case).id))


@resource.get("/disputes")
@resource.arguments(DisputesIn, location="query")
@resource.response(_OK, page_of(DisputeOut))
def all_disputes(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Your disputes, newest first; staff see all"""
    found = disputes.disputes_for(caller(), query["ask"], query.get("state"))
    return Page(_all_told([line.dispute for line in found.items]), found.next_cursor)


@resource.get("/disputes/<uuid:dispute_id>")
@resource.response(_OK, DisputeOut)
def one_dispute(dispute_id: UUID) -> dict[str, Any]:
    """A dispute with everything that was said"""
    return _shown(caller(), dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/answers")
@takes_key
@resource.doc(requestBody=_also_as_form(AnswerIn))
@resource.arguments(AnswerWithFilesIn, location="json_or_multipart")
@resource.response(_CREATED, DisputeOut)
def answer(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """The agency says what it knows, or gives the money back with `concede`; either side answers the other's appeal"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: _answered(who, dispute_id, body)))


@resource.post("/disputes/<uuid:dispute_id>/evidence")
@takes_key
@resource.doc(requestBody=_also_as_form(EvidenceIn))
@resource.arguments(EvidenceIn, location="json_or_multipart")
@resource.response(_CREATED, DisputeOut)
def add_evidence(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """Add files while the dispute is open"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: disputes.add_evidence(who, dispute_id, body["evidence"]).id))


@resource.get("/disputes/<uuid:dispute_id>/evidence/<uuid:evidence_id>")
@resource.response(_OK, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download(dispute_id: UUID, evidence_id: UUID) -> Response:
    """A file, always as a download"""
    found, content = disputes.open_for(caller(), dispute_id, evidence_id)
    response = send_file(content, mimetype=found.content_type, as_attachment=True, download_name=found.name)
    response.headers.update(downloads.HEADERS)
    return response


@resource.post("/disputes/<uuid:dispute_id>/withdrawal")
@takes_key
@resource.response(_OK, DisputeOut)
def withdraw(dispute_id: UUID) -> dict[str, Any]:
    """The buyer takes it back"""
    who = caller()
    with transaction():
        return _shown(who, once(who, lambda: disputes.withdraw(who, dispute_id).id))


@resource.post("/disputes/<uuid:dispute_id>/appeals")
@takes_key
@resource.doc(requestBody=_also_as_form(WordsIn))
@resource.arguments(AppealWithFilesIn, location="json_or_multipart")
@resource.response(_CREATED, DisputeOut)
def appeal(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """Ask for another look at a decision against you, once, within 72 hours; somebody else decides"""
    who = caller()
    with transaction():
        once(who, lambda: disputes.appeal(who, dispute_id, body["statement"], body["evidence"]).dispute_id)
        return _shown(who, dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/appeals/<any(buyer, agency):side>/decisions")
@takes_key
@resource.arguments(RulingIn)
@resource.response(_CREATED, DisputeOut)
def decide_appeal(ruling: Ruling, dispute_id: UUID, side: str) -> dict[str, Any]:
    """Staff who have not decided the dispute decide an appeal; money moves at once, and that is final"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        once(who, lambda: disputes.decide_appeal(who, dispute_id, side, ruling).dispute_id)
        return _shown(who, dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/decisions")
@takes_key
@resource.arguments(DecisionIn)
@resource.response(_CREATED, DisputeOut)
def decide(verdict: Verdict, dispute_id: UUID) -> dict[str, Any]:
    """Staff decide; the refund is in the wallet at once"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        return _shown(who, once(who, lambda: disputes.decide(who, dispute_id, verdict).id))


def _answered(who: Who, dispute_id: UUID, body: dict[str, Any]) -> UUID:
    if body["concede"]:
        return disputes.concede(who, dispute_id).id
    if disputes.find_for(who, dispute_id).is_open:
        return disputes.answer(who, dispute_id, body["statement"], body["evidence"]).id
    return disputes.answer_appeal(who, dispute_id, body["statement"], body["evidence"]).dispute_id


def _shown(who: Who, dispute_id: UUID) -> dict[str, Any]:
    (told,) = _all_told([disputes.find_for(who, dispute_id)])
    return told


def _all_told(found: Sequence[Dispute]) -> list[dict[str, Any]]:
    ids = [dispute.id for dispute in found]
    files, appeals, weighed = evidence_by_dispute(ids), appeals_by_dispute(ids), verdicts.weighed_by_dispute(ids)
    left = deposits.of_disputes(ids)
    return [
        _told(dispute, files[dispute.id], appeals[dispute.id])
        | said_in(dispute, weighed[dispute.id].verdict)._asdict()
        | told(weighed[dispute.id])
        | {"deposit": left.get(dispute.id)}
        for dispute in found
    ]


def _told(dispute: Dispute, files: Sequence[Evidence], appeals: Sequence[Appeal]) -> dict[str, Any]:
    columns = {name: getattr(dispute, name, None) for name in DisputeOut._declared_fields}  # noqa: SLF001
    return {
        **columns,
        "outcome": dispute.state if dispute.state in _ENDS else None,
        "evidence": [evidence_told(each, dispute) for each in files],
        "appeals": appeals,
    }


def evidence_told(file: Evidence, dispute: Dispute) -> dict[str, Any]:
    """A file of a dispute as the API gives it."""
    return {
        "id": file.id,
        "by": "buyer" if file.org_id == dispute.buyer_id else "agency",
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "added_at": file.added_at,
    }
