"""A buyer's calls to the person of a lead, logged one by one."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.kit.db import transaction
from marketplace.orders import attempts
from marketplace.orders.attempts import CallAttempt
from marketplace.orders.attempts.schemas import AttemptIn, AttemptOut

resource = Resource("attempts", "Calls")


class AttemptsOut(Schema):
    items = fields.List(fields.Nested(AttemptOut), required=True)


@resource.post("/orders/<uuid:order_id>/calls")
@takes_key
@resource.arguments(AttemptIn)
@resource.response(HTTPStatus.CREATED, AttemptOut)
def log_call(told: dict[str, Any], order_id: UUID) -> CallAttempt:
    """Log a call to the person of a lead

    Somebody is disputed as unreachable after at least 4 calls without success on at least 2 days (UTC). The same time
    again is the same call. A call is your own word and counts half in a dispute, by the API as on the page.
    """
    who = caller()
    with transaction():
        attempt_id = once(who, lambda: attempts.log_attempt(who, order_id, told["result"], told["at"]).id)
        return next(each for each in attempts.attempts_of(who, order_id) if each.id == attempt_id)


@resource.get("/orders/<uuid:order_id>/calls")
@resource.response(HTTPStatus.OK, AttemptsOut)
def calls_of_order(order_id: UUID) -> dict[str, Any]:
    """The calls of one lead, oldest first"""
    return {"items": attempts.attempts_of(caller(), order_id)}
