"""The address to which a buyer's CRM delivers outcomes: no key, a secret in the address, nothing else let in."""

from http import HTTPStatus
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from marketplace.api.caller import note_org
from marketplace.api.once import once_each
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.intake import ReasonOut
from marketplace.api.v1.many import named_rows, row_told, rows_told
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.orders.many import Told
from marketplace.orders.outcomes import hooks
from marketplace.orders.outcomes.hooks import HookUnknown

resource = Resource("outcome_hooks", "Outcomes", is_public=True, most_mib=1)

_A_MINUTE = limits.Limit("outcome_hook", 300, 60)
_GUESSES = limits.Limit("outcome_hook_guess", 60, 3600)
_ROW = {"type": "object", "additionalProperties": True}
_ROWS = {"oneOf": [_ROW, {"type": "array", "items": _ROW, "minItems": 1, "maxItems": 1000}]}


class DeliveredOut(Schema):
    """How one row came out; `ignored`: its stage is mapped to nothing."""

    index = fields.Integer(required=True)
    order_id = fields.UUID(required=True, allow_none=True)
    outcome_id = fields.UUID(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["accepted", "ignored", "rejected"]))
    reasons = fields.List(fields.Nested(ReasonOut), required=True)


class AllDeliveredOut(Schema):
    items = fields.List(fields.Nested(DeliveredOut), required=True)


@resource.post("/hooks/<string:hook_token>/outcomes")
@takes_key
@resource.doc(security=[], requestBody={"required": True, "content": {"application/json": {"schema": _ROWS}}})
@resource.response(HTTPStatus.CREATED, AllDeliveredOut)
@resource.alt_response(HTTPStatus.OK, schema=AllDeliveredOut, description="No row was accepted")
def deliver(hook_token: str) -> tuple[dict[str, Any], int]:
    """Deliver outcomes from a CRM

    The address comes from the page "Hook for outcomes" and needs no key. One row or up to 1,000: `order_id` or
    `lead_id`, `stage` (ours, or the CRM's own as mapped on that page), `at` (a time, or seconds or milliseconds since
    1970; now if left out), `amount` (as everywhere, or a text like "1200.50" with `currency`), `reason`, `event_id`.
    The names of a HubSpot deal are read as well: `eventId`, `dealstage`, `propertyValue`, `occurredAt`, `properties`.
    A row with the same `event_id` (of HubSpot: the same `eventId` and `objectId`) again changes nothing. A row without
    `event_id` and `at` that says the stage and amount of the order's latest outcome is the same report as that.
    """
    _count(hook_token)
    rows = named_rows()
    with transaction():
        who = hooks.reporter_of(hook_token)
        note_org(who.org_id)
        items = once_each(who, lambda: [_told(each) for each in hooks.take_in(who, rows)])
    return rows_told(items)


def _count(hook_token: str) -> None:
    """Deliveries are counted by buyer, guesses by where they come from: a made-up address has no count of its own.

    Raises:
        HookUnknown, TooMany.
    """
    try:
        buyer = hooks.org_of(hook_token)
    except HookUnknown:
        with transaction():
            limits.spend(_GUESSES, limits.network_of(request.remote_addr or ""))
        raise
    with transaction():
        limits.spend(_A_MINUTE, str(buyer))


def _told(told: Told) -> dict[str, Any]:
    row = row_told(told, made="outcome_id")
    row.pop("line")
    return {**row, "status": "ignored" if not told.refusal and told.made_id is None else row["status"]}
