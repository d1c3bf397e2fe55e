"""Batches of paid fillers: proposed by one member of staff, approved by another, taken back in chunks."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.disputes import batches
from marketplace.disputes.batches import Batch, BatchKind, BatchState
from marketplace.disputes.batches.schemas import BatchIn, BatchRefusalIn
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Power, Who

resource = Resource("batches", "Batches")


class BatchMoneyOut(Schema):
    currency = fields.String(required=True)
    orders = fields.Integer(required=True)
    cents = fields.Integer(required=True)


class BatchOut(Schema):
    """A batch. `back` and `claw_back` are what it would take back now, by currency."""

    id = fields.UUID(required=True)
    agency_id = fields.UUID(required=True)
    dispute_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in BatchKind]))
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in BatchState]))
    reason = fields.String(required=True)
    proposed_by = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    decided_by = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
    leads = fields.Integer(required=True)
    unsold = fields.Integer(required=True)
    orders = fields.Integer(required=True)
    buyers = fields.Integer(required=True)
    back = fields.List(fields.Nested(BatchMoneyOut), required=True)
    claw_back = fields.List(fields.Nested(BatchMoneyOut), required=True)


@resource.post("/disputes/<uuid:dispute_id>/batches")
@takes_key
@resource.arguments(BatchIn)
@resource.response(HTTPStatus.CREATED, BatchOut)
def propose(body: dict[str, Any], dispute_id: UUID) -> dict[str, Any]:
    """Staff propose that everything that came like a proven filler is void"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        return _shown(who, once(who, lambda: batches.propose(who, dispute_id, **body).id))


@resource.get("/batches")
@resource.arguments(PageIn, location="query")
@resource.response(HTTPStatus.OK, page_of(BatchOut))
def all_batches(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Batches, newest first, for staff"""
    found = batches.batches_for(caller(), query["ask"])
    return Page([_told(batch) for batch in found.items], found.next_cursor)


@resource.get("/batches/<uuid:batch_id>")
@resource.response(HTTPStatus.OK, BatchOut)
def one(batch_id: UUID) -> dict[str, Any]:
    """One batch, for staff"""
    return _shown(caller(), batch_id)


@resource.post("/batches/<uuid:batch_id>/approval")
@takes_key
@resource.response(HTTPStatus.CREATED, BatchOut)
def approve(batch_id: UUID) -> dict[str, Any]:
    """Another member of staff has it done"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        return _shown(who, once(who, lambda: batches.approve(who, batch_id).id))


@resource.post("/batches/<uuid:batch_id>/refusal")
@takes_key
@resource.arguments(BatchRefusalIn)
@resource.response(HTTPStatus.CREATED, BatchOut)
def refuse(body: dict[str, str], batch_id: UUID) -> dict[str, Any]:
    """Nothing is taken back"""
    who = caller()
    who.need(Power.DISPUTES_DECIDE)
    with transaction():
        return _shown(who, once(who, lambda: batches.refuse(who, batch_id, body["reason"]).id))


def _shown(who: Who, batch_id: UUID) -> dict[str, Any]:
    return _told(batches.find_for(who, batch_id))


def _told(batch: Batch) -> dict[str, Any]:
    extent = batches.extent_of(batch)
    columns = {name: getattr(batch, name, None) for name in BatchOut._declared_fields}  # noqa: SLF001
    sides = {
        side: [{"currency": key, "orders": count, "cents": cents} for key, (count, cents) in of.items()]
        for side, of in (("back", extent.back), ("claw_back", extent.claw_back))
    }
    counts = {"leads": extent.leads, "unsold": extent.unsold, "orders": extent.orders, "buyers": len(extent.buyers)}
    return {**columns, **sides, **counts}
