"""Leads come in, one or many."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import leads
from marketplace.api.caller import caller
from marketplace.api.once import once_each
from marketplace.api.reading import json_body
from marketplace.api.resource import Resource, takes_key
from marketplace.catalog import VERTICALS
from marketplace.kit.db import transaction
from marketplace.leads import Received
from marketplace.leads.rules import MOST_AT_ONCE
from marketplace.leads.schemas import LeadIn

resource = Resource("intake", "Leads")

_LEAD = LeadIn(next(iter(VERTICALS.values())))
_BODY = {"oneOf": [_LEAD, {"type": "array", "items": _LEAD, "minItems": 1, "maxItems": MOST_AT_ONCE}]}


class ReasonOut(Schema):
    code = fields.String(required=True)
    field = fields.String(required=True)
    message = fields.String(required=True)


class ReceivedOut(Schema):
    """How one lead came out; an accepted one may carry reasons too."""

    index = fields.Integer(required=True)
    id = fields.UUID(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["accepted", "rejected", "held"]))
    reasons = fields.List(fields.Nested(ReasonOut), required=True)


class AllReceivedOut(Schema):
    items = fields.List(fields.Nested(ReceivedOut), required=True)


@resource.post("/listings/<uuid:listing_id>/leads")
@takes_key
@resource.doc(requestBody={"required": True, "content": {"application/json": {"schema": _BODY}}})
@resource.response(HTTPStatus.CREATED, AllReceivedOut)
@resource.alt_response(HTTPStatus.OK, schema=AllReceivedOut, description="No lead was accepted")
def receive(listing_id: UUID) -> tuple[dict[str, Any], int]:
    """Send one lead or up to 1,000

    Each is checked by itself and has its own result: a bad one never stops the others.
    """
    who, body = caller(), json_body()
    sent = body if isinstance(body, list) else [body]
    with transaction():
        items = once_each(who, lambda: [_told(result) for result in leads.send(who, listing_id, sent)])
    return {"items": items}, HTTPStatus.CREATED if any(item["id"] for item in items) else HTTPStatus.OK


def _told(result: Received) -> dict[str, Any]:
    return {
        "index": result.index,
        "id": str(result.lead_id) if result.lead_id else None,
        "status": result.status,
        "reasons": result.reasons,
    }
