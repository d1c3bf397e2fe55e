"""What staff decide about leads that are paid by the sale: contested sales, reports that never came."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.sales import sale_told
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.kit.db import transaction
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.paging import Page
from marketplace.kit.schemas import MoneyField
from marketplace.orders.sales import answer, deals, no_sale, queries
from marketplace.orders.sales.deals import DealLine, Standing
from marketplace.orders.sales.errors import WrongSale
from marketplace.orders.sales.schemas import AuditDecisionIn, SaleDecisionIn, SaleOut
from marketplace.people import Who

resource = Resource("audits", "Staff")


class AuditOut(Schema):
    """An order that waits for a decision: without a report, with a contested claim of no sale, or contested sales."""

    order_id = fields.UUID(required=True)
    state = fields.String(required=True)
    buyer_id = fields.UUID(required=True)
    agency_id = fields.UUID(required=True)
    deposit = MoneyField(required=True)
    placed_at = fields.AwareDateTime(required=True)
    report_due_at = fields.AwareDateTime(required=True)
    no_sale = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    contest = fields.String(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)
    sales = fields.List(fields.Nested(SaleOut), required=True)


@resource.get("/audits")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(AuditOut))
def audits(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """What waits for a decision of staff, oldest first"""
    found = deals.audits_for(caller(), query["ask"])
    standings = deals.standings_of(line.order for line in found.items)
    return Page([_told(line, standings[line.id]) for line in found.items], found.next_cursor)


@resource.get("/audits/<uuid:order_id>")
@resource.response(HTTPStatus.OK, AuditOut)
def audit(order_id: UUID) -> dict[str, Any]:
    """One of them"""
    return _one(caller(), order_id)


@resource.post("/audits/<uuid:order_id>/decisions")
@takes_key
@resource.arguments(AuditDecisionIn)
@resource.response(HTTPStatus.CREATED, AuditOut)
def decide_audit(said: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """Say of a lead without a report that there was no sale, or what it came to"""
    who = caller()
    with transaction():
        once(who, lambda: _decided(who, order_id, said))
        return _one(who, order_id)


@resource.post("/sales/<uuid:sale_id>/decisions")
@takes_key
@resource.arguments(SaleDecisionIn)
@resource.response(HTTPStatus.CREATED, SaleOut)
def decide_sale(said: dict[str, Any], sale_id: UUID) -> dict[str, Any]:
    """Say what a contested sale came to; 0: there was none, or all of it came back"""
    who = caller()
    with transaction():
        once(who, lambda: _judged(who, sale_id, said["amount"], said["reasoning"]))
        line = queries.line_for(who, sale_id)
        return sale_told(line.sale, deals.terms_of(line.order))


def _decided(who: Who, order_id: UUID, said: dict[str, Any]) -> UUID:
    if said["outcome"] == "no_sale":
        return no_sale.decide_no_sale(who, order_id, said["reasoning"]).id
    return no_sale.decide_sale(who, order_id, said["report"], said["reasoning"]).id


def _judged(who: Who, sale_id: UUID, amount: Money, reasoning: str) -> UUID:
    known = queries.find_sale_for(who, sale_id)
    if amount.currency != known.currency:
        raise WrongSale(fields={"amount": _("This order is in %(currency)s.", currency=known.currency)})
    return answer.decide(who, sale_id, amount.amount, reasoning).id


def _one(who: Who, order_id: UUID) -> dict[str, Any]:
    line = deals.audit_for(who, order_id)
    return _told(line, deals.standing_of(line.order))


def _told(line: DealLine, standing: Standing) -> dict[str, Any]:
    order, acquisition = line.order, line.acquisition
    return {
        "order_id": order.id,
        "state": order.state,
        "buyer_id": order.buyer_id,
        "agency_id": order.agency_id,
        "deposit": standing.deposit,
        "placed_at": order.placed_at,
        "report_due_at": acquisition.report_due_at,
        "no_sale": acquisition.no_sale,
        "note": acquisition.no_sale_note,
        "contest": acquisition.contest,
        "reasoning": acquisition.reasoning,
        "sales": [sale_told(sale, standing.terms) for sale in standing.sales],
    }
