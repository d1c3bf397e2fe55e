"""Second looks by API: cases that wait for the caller, without their decision, and the caller's own answer."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace import catalog
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.dispute_shapes import EvidenceOut, evidence_told
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.disputes import DisputeLine, reviews
from marketplace.disputes.reviews.schemas import ReviewIn
from marketplace.disputes.wording import said_in
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.kit.schemas import MoneyField

resource = Resource("reviews", "Staff")


class ReviewLineOut(Schema):
    """A case that waits. What was decided, and what would tell it, is left out."""

    dispute_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    vertical = fields.String(required=True)
    price = MoneyField(required=True)
    opened_at = fields.AwareDateTime(required=True)


class ReviewCaseOut(ReviewLineOut):
    """The same with what both sides said and gave; `percents` are the answers that can be given."""

    listing = fields.String(required=True)
    channel = fields.String(required=True)
    statement = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    evidence = fields.List(fields.Nested(EvidenceOut), required=True)
    percents = fields.List(fields.Integer(), required=True)


class ReviewOut(Schema):
    """The caller's own answer. How it was decided first is told to nobody here."""

    dispute_id = fields.UUID(required=True)
    percent = fields.Integer(required=True)
    reasoning = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)


@resource.get("/reviews")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(ReviewLineOut))
def all_reviews(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Second looks that wait for you, oldest first"""
    found = reviews.waiting_for(caller(), query["ask"])
    return Page([_line(line) for line in found.items], found.next_cursor)


@resource.get("/reviews/<uuid:dispute_id>")
@resource.response(HTTPStatus.OK, ReviewCaseOut)
def one_review(dispute_id: UUID) -> dict[str, Any]:
    """One of them, as both sides told it"""
    return _case(reviews.case_open_to(caller(), dispute_id))


@resource.post("/reviews/<uuid:dispute_id>/answers")
@takes_key
@resource.arguments(ReviewIn)
@resource.response(HTTPStatus.CREATED, ReviewOut)
def answer_review(said: dict[str, Any], dispute_id: UUID) -> Any:
    """Decide the case once more; no money moves

    Refused for a case that you had a hand in or have ties to.
    """
    who = caller()
    with transaction():
        once(who, lambda: reviews.review(who, dispute_id, **said).dispute_id)
        return reviews.own_answer(who, dispute_id)


def _line(line: DisputeLine) -> dict[str, Any]:
    return {
        "dispute_id": line.dispute.id,
        "reason": line.dispute.reason,
        "vertical": line.lead.vertical,
        "price": line.order.price,
        "opened_at": line.dispute.opened_at,
    }


def _case(line: DisputeLine) -> dict[str, Any]:
    dispute, order = line.dispute, line.order
    said = said_in(dispute)
    return {
        **_line(line),
        "listing": catalog.terms_at(order.listing_id, order.listing_version)["title"],
        "channel": line.lead.channel,
        "statement": said.statement,
        "answer": said.answer,
        "answered_at": dispute.answered_at,
        "evidence": [evidence_told(each, dispute) for each in reviews.evidence_at_decision(dispute)],
        "percents": sorted(reviews.percents_of(dispute)),
    }
