"""What staff watch at the border to Stripe."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import Chargeback, inbox, oversight
from marketplace.billing.actions import chargebacks
from marketplace.billing.chargeback_schemas import AnswerIn, ChargebackOut, StripeCallOut, StripeNewsOut
from marketplace.billing.models import StripeCall, StripeEvent
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("oversight", "Staff")


class StripeCallsOut(Schema):
    items = fields.List(fields.Nested(StripeCallOut), required=True)


class StripeNewsListOut(Schema):
    items = fields.List(fields.Nested(StripeNewsOut), required=True)


@resource.get("/chargebacks")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(ChargebackOut))
def all_chargebacks(query: dict[str, Any]) -> Page[Chargeback]:
    """Payments that banks take back, newest first"""
    found = oversight.chargebacks_for(caller(), query["ask"])
    return Page([line.chargeback for line in found.items], found.next_cursor)


@resource.get("/chargebacks/<uuid:chargeback_id>")
@resource.response(200, ChargebackOut)
def one_chargeback(chargeback_id: UUID) -> Chargeback:
    """One of them"""
    return oversight.chargeback_for(caller(), chargeback_id).chargeback


@resource.post("/chargebacks/<uuid:chargeback_id>/answer")
@takes_key
@resource.arguments(AnswerIn)
@resource.response(200, ChargebackOut)
def answer(wanted: dict[str, Any], chargeback_id: UUID) -> Chargeback:
    """Tell the bank why the payment was right; it takes one answer, and another one after a mere inquiry"""
    who = caller()
    with transaction():
        done = once(who, lambda: chargebacks.answer(who, chargeback_id, wanted["words"]).id)
        return oversight.chargeback_for(who, done).chargeback


@resource.get("/stripe-calls")
@resource.response(200, StripeCallsOut)
def open_calls() -> dict[str, list[StripeCall]]:
    """What Stripe was asked to do and has not been heard of, oldest first"""
    return {"items": list(oversight.open_calls_for(caller()))}


@resource.get("/stripe-events")
@resource.response(200, StripeNewsListOut)
def dead_events() -> dict[str, list[StripeEvent]]:
    """News of Stripe that could not be handled, oldest first"""
    return {"items": list(oversight.webhooks_for(caller()).dead)}


@resource.post("/stripe-events/<uuid:event_id>/replay")
@takes_key
@resource.response(200, StripeNewsOut)
def replay(event_id: UUID) -> StripeEvent:
    """Have one handled once more"""
    who = caller()
    with transaction():
        return inbox.event_for(who, once(who, lambda: inbox.replay(who, event_id).id))
