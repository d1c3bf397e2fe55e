"""Buying, and what was bought."""

from collections.abc import Collection, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from marshmallow import Schema, fields, validate

from marketplace import leads, orders
from marketplace.api.caller import caller, finds_caller_itself, note_org, secret
from marketplace.api.errors import ErrorBody
from marketplace.api.once import asked, once_each, request_key
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import MaskedLeadOut, PageIn, page_of
from marketplace.catalog import Pricing
from marketplace.catalog.commission_schemas import CommissionOut
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.kit.direct import alone
from marketplace.kit.schemas import MoneyField
from marketplace.market import MaskedLead
from marketplace.orders import Order, OrderLine, OrderState, outcomes
from marketplace.orders.errors import refusal_of_word, word_of
from marketplace.orders.models import UNSETTLED
from marketplace.orders.sales.deals import Standing, standings_of
from marketplace.orders.schemas import PurchaseIn
from marketplace.people import Power, Who, queries

resource = Resource("orders", "Orders")

_STATES = [state.value for state in OrderState]


class SalesOfOrderOut(Schema):
    """Where an order that is paid by the sale is; the sales themselves are at `/sales?order_id=`.

    `deposit` is what is left of it, `due` what should have been paid of commissions by now and is not. A sale, or that
    there was none, is to be reported until `report_due_at`; further sales count until `repeat_until`.
    """

    count = fields.Integer(required=True)
    deposit = MoneyField(required=True)
    due = MoneyField(required=True)
    report_due_at = fields.AwareDateTime(required=True)
    repeat_until = fields.AwareDateTime(required=True, allow_none=True)
    no_sale = fields.String(required=True, allow_none=True)
    commission = fields.Nested(CommissionOut, required=True)


class OrderOut(Schema):
    """A purchase. `contact` is read with the single order only, because every reading is logged; null elsewhere.

    The money is held until `held_until`; a dispute can be opened until `dispute_until`. Paid by the sale, `price` is
    the deposit, `held` what is held of deposit and commissions together, and `sales` tells the rest.
    `no_contact_since`: from then on the person does not want to be contacted any more, neither called nor written to.
    """

    id = fields.UUID(required=True)
    buyer_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    lead = fields.Nested(MaskedLeadOut, required=True)
    contact = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    no_contact_since = fields.AwareDateTime(required=True, allow_none=True)
    price = MoneyField(required=True)
    refunded = MoneyField(required=True)
    held = MoneyField(required=True)
    placed_at = fields.AwareDateTime(required=True)
    held_until = fields.AwareDateTime(required=True, allow_none=True)
    dispute_until = fields.AwareDateTime(required=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)
    listing_version = fields.Integer(required=True)
    pricing = fields.String(required=True, validate=validate.OneOf([each.value for each in Pricing]))
    sales = fields.Nested(SalesOfOrderOut, required=True, allow_none=True)


class BoughtOut(Schema):
    """One lead of several: an order, or why not."""

    lead_id = fields.UUID(required=True)
    order = fields.Nested(OrderOut, required=True, allow_none=True)
    error = fields.Nested(ErrorBody, required=True, allow_none=True)


class AllBoughtOut(Schema):
    items = fields.List(fields.Nested(BoughtOut), required=True)


#: made once: a purchase is the hot path, and a schema takes longer to make than to use
_PURCHASE, _SALES = PurchaseIn(), SalesOfOrderOut()


class OrdersIn(PageIn):
    state = fields.String(validate=validate.OneOf(_STATES))
    stage = fields.String(
        validate=validate.OneOf([stage.value for stage in outcomes.Stage]),
        metadata={"description": "Only orders whose lead is at this stage, as its buyer reported."},
    )


@resource.post("/orders")
@finds_caller_itself
@takes_key
@resource.arguments(_PURCHASE)
@resource.response(HTTPStatus.CREATED, {"oneOf": [OrderOut, AllBoughtOut]})
@resource.alt_response(HTTPStatus.OK, schema=AllBoughtOut, description="Of several leads none could be bought")
def place(wanted: dict[str, Any]) -> tuple[Response, int]:
    """Buy one lead at the price you saw, or several for a total

    Several leads have a result each; with `all_or_nothing` one refusal refuses all, and nothing is bought.
    """
    if "lead_id" in wanted:
        return jsonify(_one(wanted)), HTTPStatus.CREATED
    items = _several(_reader(), wanted)
    bought = any(item["order"] for item in items)
    return jsonify(items=items), HTTPStatus.CREATED if bought else HTTPStatus.OK


@resource.get("/orders")
@resource.arguments(OrdersIn, location="query")
@resource.response(HTTPStatus.OK, page_of(OrderOut))
def all_orders(query: dict[str, Any]) -> Response:
    """What you bought, or for an agency what it sold, newest first"""
    only = [outcomes.at_stage(query["stage"])] if "stage" in query else []
    found = orders.orders_for(caller(), query["ask"], query.get("state"), *only)
    return jsonify(items=_all_told(found.items), next_cursor=found.next_cursor)


@resource.get("/orders/<uuid:order_id>")
@resource.response(HTTPStatus.OK, OrderOut)
def one_order(order_id: UUID) -> Response:
    """A purchase with the person; reading it is logged"""
    who = caller()
    with transaction():
        line = orders.line_for(who, order_id)
        contact = orders.contact_for(who, order_id) if who.is_buyer else None
    (told,) = _all_told([line])
    return jsonify(told | {"contact": contact.to_json() if contact else None})


def _one(wanted: dict[str, Any]) -> dict[str, Any]:
    """In one statement; where that does nothing, the ordinary way says why, or does it after all."""
    lead_id, quoted, version = wanted["lead_id"], wanted["quoted_price"], wanted.get("terms_version")
    once: dict[str, Any] = {"key": request_key(), "asked": asked()}
    began = clock.now()
    if version is None:
        with alone():
            line = orders.place_by_key(queries.hash_of_key(secret()), lead_id, quoted, **once)
        if line:
            note_org(line.order.buyer_id)
            # a lead whose person has stopped is not sold: only what was bought before can be of one
            stopped = _stopped(line) if line.order.placed_at < began else None
            return _told(line, stopped)
    who = _reader()
    with alone():
        order_id = orders.place(who, lead_id, quoted, **once, terms_version=version)
    return order_told(who, order_id)


def _reader() -> Who:
    """Who is asking; the answer shows orders: better refused now than after the money has moved."""
    who = caller()
    who.need(Power.ORDERS_READ)
    return who


def order_told(who: Who, order_id: UUID) -> dict[str, Any]:
    """A party's order as it is told outside, without the person."""
    (told,) = _all_told([orders.line_for(who, order_id)])
    return told


def _several(who: Who, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    with transaction():
        results = once_each(who, lambda: _bought(who, wanted))
        return _results(who, results)


def _bought(who: Who, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    results = orders.place_many(who, wanted["lead_ids"], wanted["max_total"], all_or_nothing=wanted["all_or_nothing"])
    return [
        {
            "lead_id": str(result.lead_id),
            "order_id": str(result.order_id) if result.order_id else None,
            "refused": word_of(result.refusal) if result.refusal else None,
        }
        for result in results
    ]


def _results(who: Who, results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = orders.lines_of(who, [UUID(result["order_id"]) for result in results if result["order_id"]])
    told = {order["id"]: order for order in _all_told(lines.values())}
    return [_result(result, told.get(result["order_id"])) for result in results]


def _result(result: dict[str, Any], order: dict[str, Any] | None) -> dict[str, Any]:
    why = refusal_of_word(result["refused"]) if result["refused"] else None
    return {
        "lead_id": result["lead_id"],
        "order": order,
        "error": {"code": why.code, "message": str(why), "fields": {}} if why else None,
    }


def _stopped(line: OrderLine) -> datetime | None:
    return leads.withdrawn_at([line.lead.id]).get(line.lead.id)


def _all_told(lines: Collection[OrderLine]) -> list[dict[str, Any]]:
    """Orders as they are told outside, without the persons."""
    stopped = leads.withdrawn_at([line.lead.id for line in lines])
    standings = standings_of(line.order for line in lines)
    return [_told(line, stopped.get(line.lead.id), standings.get(line.id)) for line in lines]


def _told(line: OrderLine, stopped: datetime | None, standing: Standing | None = None) -> dict[str, Any]:
    """The order as `OrderOut` describes it, in plain data: a purchase has no time for a schema to walk through it.

    stopped: since when the person wants no contact. standing: of one that is paid by the sale.
    """
    order = line.order
    return {
        "id": str(order.id),
        "buyer_id": str(order.buyer_id),
        "state": order.state,
        "lead": MaskedLead(line.lead, line.listing, line.agency).to_json(),
        "contact": None,
        "no_contact_since": stopped.isoformat() if stopped else None,
        "price": order.price.to_json(),
        "refunded": order.refunded.to_json(),
        "held": (standing.deposit + standing.held if standing else order.held).to_json(),
        "placed_at": order.placed_at.isoformat(),
        "held_until": order.releasable_at.isoformat() if order.state in UNSETTLED and not standing else None,
        "dispute_until": order.window_ends_at.isoformat(),
        "released_at": order.released_at.isoformat() if order.released_at else None,
        "listing_version": order.listing_version,
        "pricing": order.pricing,
        "sales": _SALES.dump(_sales(order, standing)) if standing else None,
    }


def _sales(order: Order, standing: Standing) -> dict[str, Any]:
    return {
        "count": len(standing.sales),
        "deposit": standing.deposit,
        "due": standing.due,
        "report_due_at": standing.acquisition.report_due_at,
        "repeat_until": standing.repeat_until,
        "no_sale": standing.acquisition.no_sale,
        "commission": standing.terms.told(order.currency),
    }
