"""Leads that are paid by the sale: reports, answers, corrections, payments, and that there was no sale."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage

from marketplace.api.caller import caller
from marketplace.api.files import Part, file_within
from marketplace.api.once import once, once_each
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.intake import ReasonOut
from marketplace.api.v1.many import named_rows, row_told, rows_told
from marketplace.api.v1.orders import OrderOut, order_told
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.catalog import CommissionTerms
from marketplace.kit.db import transaction
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Page
from marketplace.orders.files import MOST_BYTES
from marketplace.orders.many import MOST_ROWS, Told, named
from marketplace.orders.sales import answer, deals, no_sale, queries, report
from marketplace.orders.sales.errors import WrongSale
from marketplace.orders.sales.file import report_file
from marketplace.orders.sales.many import report_many
from marketplace.orders.sales.models import Sale, SaleState
from marketplace.orders.sales.report import Report
from marketplace.orders.sales.schemas import (
    NamedSaleIn,
    NoSaleIn,
    SaleAnswerIn,
    SaleCorrectionIn,
    SaleIn,
    SaleOut,
)
from marketplace.people import Who

resource = Resource("sales", "Sales", most_mib=4)

_ROW = NamedSaleIn()
_ROWS = {"oneOf": [_ROW, {"type": "array", "items": _ROW, "minItems": 1, "maxItems": MOST_ROWS}]}


class SalesIn(PageIn):
    state = fields.String(validate=validate.OneOf([state.value for state in SaleState]))
    order_id = fields.UUID()


class ContestIn(Schema):
    """Why the agency believes that there was a sale."""

    statement = fields.String(required=True, validate=validate.Length(5, 2000))


class SalesFileIn(Schema):
    file = Part(required=True)


class ToldOut(Schema):
    """How one row came out. `line` counts as an editor does, of a file; `sale_id` is null where there was no sale."""

    index = fields.Integer(required=True)
    line = fields.Integer(required=True, allow_none=True)
    order_id = fields.UUID(required=True, allow_none=True)
    sale_id = fields.UUID(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["accepted", "rejected"]))
    reasons = fields.List(fields.Nested(ReasonOut), required=True)


class AllToldOut(Schema):
    items = fields.List(fields.Nested(ToldOut), required=True)


@resource.get("/sales")
@resource.arguments(SalesIn, location="query")
@resource.response(HTTPStatus.OK, page_of(SaleOut))
def sales(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Sales that you reported, or for an agency those that it earns from, newest first"""
    states = [query["state"]] if "state" in query else []
    found = queries.sales_for(caller(), query["ask"], states=states, order_id=query.get("order_id"))
    terms = deals.terms_of_orders([line.order for line in found.items])
    return Page([sale_told(line.sale, terms[line.order.id]) for line in found.items], found.next_cursor)


@resource.get("/sales/<uuid:sale_id>")
@resource.response(HTTPStatus.OK, SaleOut)
def sale(sale_id: UUID) -> dict[str, Any]:
    """One sale"""
    return _told_again(caller(), sale_id)


@resource.post("/orders/<uuid:order_id>/sales")
@takes_key
@resource.arguments(SaleIn)
@resource.response(HTTPStatus.CREATED, SaleOut)
def report_sale(told: Report, order_id: UUID) -> dict[str, Any]:
    """Report a sale to the person of a lead

    The agency has 72 hours to contest it; then the commission is taken. The same reference again is the same sale.
    """
    who = caller()
    with transaction():
        sale_id = once(who, lambda: report.report(who, order_id, told, via="api").id)
        return _told_again(who, sale_id)


@resource.post("/sales")
@takes_key
@resource.doc(requestBody={"required": True, "content": {"application/json": {"schema": _ROWS}}})
@resource.response(HTTPStatus.CREATED, AllToldOut)
@resource.alt_response(HTTPStatus.OK, schema=AllToldOut, description="No row was accepted")
def report_sales() -> tuple[dict[str, Any], int]:
    """Report sales of many leads, or that there was none

    One address for a webhook of yours: each row names its order or its lead, and has its own result.
    """
    who, rows = caller(), named_rows()
    with transaction():
        items = once_each(
            who, lambda: [_row(each) for each in report_many(who, rows, [named(row) for row in rows], via="api")]
        )
    return rows_told(items)


@resource.post("/sales/files")
@takes_key
@resource.arguments(SalesFileIn, location="multipart")
@resource.response(HTTPStatus.CREATED, AllToldOut)
@resource.alt_response(HTTPStatus.OK, schema=AllToldOut, description="No row was accepted")
def report_file_of_sales(sent: dict[str, FileStorage]) -> tuple[dict[str, Any], int]:
    """Send a CSV of sales

    Columns: `order_id` or `lead_id`, `amount`, `currency`, `at`, `repeat`, `reference`; or `no_sale` and `note`.
    """
    who, content = caller(), file_within(sent["file"], MOST_BYTES)
    with transaction():
        items = once_each(who, lambda: [_row(told, line) for line, told in report_file(who, content)])
    return rows_told(items)


@resource.post("/sales/<uuid:sale_id>/answers")
@takes_key
@resource.arguments(SaleAnswerIn)
@resource.response(HTTPStatus.CREATED, SaleOut)
def answer_sale(said: dict[str, Any], sale_id: UUID) -> dict[str, Any]:
    """Agree to a report, or contest it so that staff decide"""
    who = caller()
    with transaction():
        once(who, lambda: _answered(who, sale_id, said))
        return _told_again(who, sale_id)


@resource.post("/sales/<uuid:sale_id>/corrections")
@takes_key
@resource.arguments(SaleCorrectionIn)
@resource.response(HTTPStatus.CREATED, SaleOut)
def correct_sale(said: dict[str, Any], sale_id: UUID) -> dict[str, Any]:
    """Say what a sale really came to; 0 when everything came back

    Less comes back to you at once while returns are possible, after what you owe; more is taken at once.
    """
    who = caller()
    with transaction():
        once(who, lambda: _corrected(who, sale_id, said))
        return _told_again(who, sale_id)


@resource.post("/sales/<uuid:sale_id>/payments")
@takes_key
@resource.response(HTTPStatus.CREATED, SaleOut)
def pay_commission(sale_id: UUID) -> dict[str, Any]:
    """Pay what is due of a commission, as far as your wallet goes"""
    who = caller()
    with transaction():
        once(who, lambda: report.pay(who, sale_id).id)
        return _told_again(who, sale_id)


@resource.post("/orders/<uuid:order_id>/no-sale")
@takes_key
@resource.arguments(NoSaleIn)
@resource.response(HTTPStatus.CREATED, OrderOut)
def claim_no_sale(said: dict[str, Any], order_id: UUID) -> tuple[Response, int]:
    """Say that there was no sale; uncontested for 72 hours the deposit comes back, after what you owe"""
    who = caller()
    with transaction():
        once(who, lambda: no_sale.claim_no_sale(who, order_id, said["reason"], said["note"]).id)
        return jsonify(order_told(who, order_id)), HTTPStatus.CREATED


@resource.post("/orders/<uuid:order_id>/no-sale/contests")
@takes_key
@resource.arguments(ContestIn)
@resource.response(HTTPStatus.CREATED, OrderOut)
def contest_no_sale(said: dict[str, str], order_id: UUID) -> tuple[Response, int]:
    """Say that there was a sale after all; staff look into it"""
    who = caller()
    with transaction():
        once(who, lambda: no_sale.contest_no_sale(who, order_id, said["statement"]).id)
        return jsonify(order_told(who, order_id)), HTTPStatus.CREATED


def sale_told(sale: Sale, terms: CommissionTerms) -> dict[str, Any]:
    """A sale as it is told outside; terms: what was agreed for its order."""
    return {
        "id": sale.id,
        "order_id": sale.order_id,
        "state": sale.state,
        "amount": sale.amount,
        "at": sale.sold_at,
        "repeat": sale.is_repeat,
        "reference": sale.reference,
        "reported_at": sale.reported_at,
        "reported_via": sale.reported_via,
        "commission": sale.commission,
        "paid": sale.paid,
        "due": deals.due_of(sale, terms),
        "held": sale.held,
        "parts": [{"at": at, "amount": amount} for at, amount in deals.plan_of(sale, terms)],
        "answer_by": sale.answer_by,
        "returns_until": sale.reversal_until,
        "stops_buying_at": sale.stops_buying_at,
        "change_reason": sale.change_reason,
        "contest": sale.contest,
        "reasoning": sale.reasoning,
    }


def _told_again(who: Who, sale_id: UUID) -> dict[str, Any]:
    line = queries.line_for(who, sale_id)
    return sale_told(line.sale, deals.terms_of(line.order))


def _answered(who: Who, sale_id: UUID, said: dict[str, Any]) -> UUID:
    if said["accept"]:
        return answer.accept(who, sale_id, said.get("amount")).id
    return answer.contest(who, sale_id, said["statement"]).id


def _corrected(who: Who, sale_id: UUID, said: dict[str, Any]) -> UUID:
    known = queries.find_sale_for(who, sale_id)
    if said["amount"].currency != known.currency:
        raise WrongSale(fields={"amount": _("This order is in %(currency)s.", currency=known.currency)})
    return report.correct(who, sale_id, said["amount"].amount, said["reason"]).id


def _row(told: Told, line: int | None = None) -> dict[str, Any]:
    return row_told(told, line, made="sale_id")
