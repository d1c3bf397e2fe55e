"""A buyer's unspent money on its way back to the cards that it came from."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace import billing
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import CardRefund
from marketplace.billing.schemas import RefundIn, RefundOut
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("refunds", "Wallet")


class PartsOut(Schema):
    """All parts of one wish, one for each payment that it reaches back to."""

    items = fields.List(fields.Nested(RefundOut), required=True)


@resource.get("/wallet/refunds")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(RefundOut))
def refunds(query: dict[str, Any]) -> Page[CardRefund]:
    """Your refunds to cards, newest first"""
    return billing.refunds_for(caller(), query["ask"])


@resource.post("/wallet/refunds")
@takes_key
@resource.arguments(RefundIn)
@resource.response(201, PartsOut)
def ask(wanted: dict[str, Any]) -> dict[str, Sequence[CardRefund]]:
    """Send unspent money back to the card

    It leaves the wallet at once. Each part goes to the card of one payment; what does not arrive comes back.
    """
    who = caller()
    with transaction():
        first = once(who, lambda: billing.ask_refund(who, wanted["amount"], top_up_id=wanted.get("top_up_id"))[0].id)
        return {"items": billing.wish_for(who, billing.refund_for(who, first).wish_id)}


@resource.get("/wallet/refunds/<uuid:refund_id>")
@resource.response(200, RefundOut)
def one(refund_id: UUID) -> CardRefund:
    """How a refund stands"""
    return billing.refund_for(caller(), refund_id)
