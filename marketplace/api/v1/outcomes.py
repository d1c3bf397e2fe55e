"""What became of leads at their buyers: reported by the buyer, read by both."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage

from marketplace.api.caller import caller
from marketplace.api.files import Part, file_within
from marketplace.api.once import once, once_each
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.intake import ReasonOut
from marketplace.api.v1.many import named_rows, row_told, rows_told
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.orders import outcomes
from marketplace.orders.files import MOST_BYTES
from marketplace.orders.many import MOST_ROWS, named
from marketplace.orders.many import Told as RowTold
from marketplace.orders.outcomes import Outcome, OutcomeLine, Told
from marketplace.orders.outcomes.many import report_file, report_many
from marketplace.orders.outcomes.schemas import NamedOutcomeIn, OutcomeIn, OutcomeOut
from marketplace.people import Power, Who
from marketplace.quality.contact_times import contact_times_of

resource = Resource("outcomes", "Outcomes", most_mib=4)

_ROW = NamedOutcomeIn()
_ROWS = {"oneOf": [_ROW, {"type": "array", "items": _ROW, "minItems": 1, "maxItems": MOST_ROWS}]}


class OutcomesIn(PageIn):
    stage = fields.String(validate=validate.OneOf([stage.value for stage in outcomes.REPORTED]))


class OutcomeLineOut(OutcomeOut):
    """An outcome with its lead, and where that came from."""

    lead_id = fields.UUID(required=True)
    listing_id = fields.UUID(required=True)
    channel = fields.String(required=True)
    sub_id = fields.String(required=True, allow_none=True)


class OutcomeRowOut(Schema):
    """How one row came out. `line` counts as an editor does, of a file."""

    index = fields.Integer(required=True)
    line = fields.Integer(required=True, allow_none=True)
    order_id = fields.UUID(required=True, allow_none=True)
    outcome_id = fields.UUID(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["accepted", "rejected"]))
    reasons = fields.List(fields.Nested(ReasonOut), required=True)


class AllOutcomesOut(Schema):
    items = fields.List(fields.Nested(OutcomeRowOut), required=True)


class KeptShareOut(Schema):
    """A share with its 80 % interval, of `leads`."""

    rate = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    leads = fields.Integer(required=True)


class ContactTimesOut(Schema):
    """Leads of one temperature of the last 90 days. Times in seconds; of `untold` nothing was reported."""

    temperature = fields.String(required=True)
    promise = fields.TimeDelta(required=True)
    leads = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    late = fields.Integer(required=True)
    untold = fields.Integer(required=True)
    median = fields.TimeDelta(required=True, allow_none=True)
    share = fields.Nested(KeptShareOut, required=True, allow_none=True)


class AllContactTimesOut(Schema):
    items = fields.List(fields.Nested(ContactTimesOut), required=True)


class OutcomesFileIn(Schema):
    file = Part(required=True)


@resource.post("/orders/<uuid:order_id>/outcomes")
@takes_key
@resource.arguments(OutcomeIn)
@resource.response(HTTPStatus.CREATED, OutcomeOut)
def report_outcome(told: Told, order_id: UUID) -> dict[str, Any]:
    """Say what became of a lead

    Steps may be left out; none goes back, but that a lost or deferred lead is taken up again. What is won can be won
    again. It moves no money: that a lead is not real is said with a dispute.
    """
    who = caller()
    with transaction():
        outcome_id = once(who, lambda: outcomes.report(who, order_id, told, via="api").id)
        return _told(who, next(each for each in outcomes.outcomes_of(who, order_id) if each.id == outcome_id))


@resource.post("/outcomes")
@takes_key
@resource.doc(requestBody={"required": True, "content": {"application/json": {"schema": _ROWS}}})
@resource.response(HTTPStatus.CREATED, AllOutcomesOut)
@resource.alt_response(HTTPStatus.OK, schema=AllOutcomesOut, description="No row was accepted")
def report_outcomes() -> tuple[dict[str, Any], int]:
    """Say what became of many leads

    One address for a webhook of your CRM: each row names its order or its lead, and has its own result. The same row
    again is the same report; with another amount or reason it is refused as `outcome_differs`.
    """
    who, rows = caller(), named_rows()
    with transaction():
        items = once_each(
            who, lambda: [_row(each) for each in report_many(who, rows, [named(row) for row in rows], via="api")]
        )
    return rows_told(items)


@resource.post("/outcomes/files")
@takes_key
@resource.arguments(OutcomesFileIn, location="multipart")
@resource.response(HTTPStatus.CREATED, AllOutcomesOut)
@resource.alt_response(HTTPStatus.OK, schema=AllOutcomesOut, description="No row was accepted")
def report_file_of_outcomes(sent: dict[str, FileStorage]) -> tuple[dict[str, Any], int]:
    """Send a CSV of outcomes

    Columns: `order_id` or `lead_id`, `stage`, `at`, `amount`, `currency`, `reason`. `at` can be a day (UTC) alone: the
    stage on that day is the same report then, whatever its hour.
    """
    who, content = caller(), file_within(sent["file"], MOST_BYTES)
    with transaction():
        items = once_each(who, lambda: [_row(told, line) for line, told in report_file(who, content)])
    return rows_told(items)


@resource.get("/orders/<uuid:order_id>/outcomes")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(OutcomeOut))
def outcomes_of_order(query: dict[str, Any], order_id: UUID) -> Page[dict[str, Any]]:
    """Everything that was reported of one lead, newest first"""
    who = caller()
    found = outcomes.outcomes_for(who, query["ask"], order_id=order_id)
    return Page([_told(who, line.outcome) for line in found.items], found.next_cursor)


@resource.get("/outcomes")
@resource.arguments(OutcomesIn, location="query")
@resource.response(HTTPStatus.OK, page_of(OutcomeLineOut))
def all_outcomes(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Everything that was reported of your leads, newest first; an agency sees stage and time, by sub-ID"""
    who = caller()
    found = outcomes.outcomes_for(who, query["ask"], stage=query.get("stage"))
    return Page([_line(who, line) for line in found.items], found.next_cursor)


@resource.get("/contact-times")
@resource.response(HTTPStatus.OK, AllContactTimesOut)
def contact_times() -> dict[str, Any]:
    """How soon you have contact with the persons of your leads, beside what their temperature promises"""
    who = caller()
    who.need(Power.ORDERS_READ)
    return {"items": contact_times_of(who.org_id)}


def _row(told: RowTold, line: int | None = None) -> dict[str, Any]:
    return row_told(told, line, made="outcome_id")


def _told(who: Who, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "order_id": outcome.order_id,
        "stage": outcome.stage,
        "at": outcome.at,
        "amount": outcome.amount if who.is_buyer else None,
        "reason": (outcome.reason or None) if who.is_buyer else None,
        "remind_on": outcome.remind_on if who.is_buyer else None,
        "reported_at": outcome.reported_at,
    }


def _line(who: Who, line: OutcomeLine) -> dict[str, Any]:
    lead = line.lead
    return {
        **_told(who, line.outcome),
        "lead_id": lead.id,
        "listing_id": lead.listing_id,
        "channel": lead.channel,
        "sub_id": lead.sub_id if who.is_agency else None,
    }
