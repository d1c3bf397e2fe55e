"""Corrections: an agency puts a typo right within its time to answer, the buyer tries it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import disputes
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.disputes import corrections
from marketplace.disputes.corrections import CorrectionState
from marketplace.disputes.corrections.rules import FIELDS
from marketplace.disputes.corrections.schemas import ContactCorrectionIn, CorrectionTrialIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import NotFound
from marketplace.people import Who

resource = Resource("corrections", "Corrections")


class ContactCorrectionOut(Schema):
    """A correction. `value` is there for the buyer alone, while it tries it; every reading is logged.

    What cannot be shown stays `offered`, without a `value`, until its time is over.
    """

    dispute_id = fields.UUID(required=True)
    field = fields.String(required=True, validate=validate.OneOf(list(FIELDS)))
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in CorrectionState]))
    value = fields.String(required=True, allow_none=True)
    offered_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    tried_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


@resource.post("/disputes/<uuid:dispute_id>/correction")
@takes_key
@resource.arguments(ContactCorrectionIn)
@resource.response(HTTPStatus.CREATED, ContactCorrectionOut)
def offer(body: dict[str, str], dispute_id: UUID) -> dict[str, Any]:
    """The agency offers what a field should have been, once, at most two signs away; it counts as its answer"""
    who = caller()
    with transaction():
        once(who, lambda: corrections.offer(who, dispute_id, **body).dispute_id)
        return _shown(who, dispute_id)


@resource.get("/disputes/<uuid:dispute_id>/correction")
@resource.response(HTTPStatus.OK, ContactCorrectionOut)
def one(dispute_id: UUID) -> dict[str, Any]:
    """The correction of a dispute"""
    with transaction():
        return _shown(caller(), dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/correction/trial")
@takes_key
@resource.response(HTTPStatus.CREATED, ContactCorrectionOut)
def try_it(dispute_id: UUID) -> dict[str, Any]:
    """The buyer wants to see it, and has 48 hours to try it"""
    who = caller()
    with transaction():
        once(who, lambda: corrections.try_it(who, dispute_id).dispute_id)
        return _shown(who, dispute_id)


@resource.post("/disputes/<uuid:dispute_id>/correction/result")
@takes_key
@resource.arguments(CorrectionTrialIn)
@resource.response(HTTPStatus.CREATED, ContactCorrectionOut)
def say(body: dict[str, bool], dispute_id: UUID) -> dict[str, Any]:
    """Whether it works: then the dispute is over and nothing goes back; if not, the dispute goes on"""
    who = caller()
    with transaction():
        once(who, lambda: corrections.say(who, dispute_id, works=body["works"]).dispute_id)
        return _shown(who, dispute_id)


def _shown(who: Who, dispute_id: UUID) -> dict[str, Any]:
    dispute = disputes.find_for(who, dispute_id)
    row = corrections.of_dispute(dispute)
    if row is None:
        raise NotFound
    columns = {name: getattr(row, name, None) for name in ContactCorrectionOut._declared_fields}  # noqa: SLF001
    return {**columns, "value": corrections.offered_value(who, dispute, row)}
