"""What staff look at and decide, besides disputes."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import insights
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.events import Event
from marketplace.insights import BookEntry, Health
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Organisation, OrgKind, Who, actions, queries
from marketplace.people.schemas import OrganisationOut

resource = Resource("staff", "Staff")

_SHORT = validate.Length(1, 100)


class OrganisationsIn(PageIn):
    kind = fields.String(load_default="", validate=validate.OneOf([OrgKind.AGENCY.value, OrgKind.BUYER.value]))
    is_verified = fields.Boolean(load_default=None, metadata={"description": "Only those that are, or are not yet."})
    name = fields.String(load_default="", validate=_SHORT, metadata={"description": "A part of the name."})


class EventsIn(PageIn):
    name = fields.String(validate=_SHORT)
    subject_id = fields.UUID()
    org_id = fields.UUID()


class EntriesIn(PageIn):
    kind = fields.String(validate=_SHORT)
    reference_id = fields.UUID()


class EventOut(Schema):
    """One thing that happened, to whom, by whom and by which way."""

    id = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    name = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    org_ids = fields.List(fields.UUID(), required=True)
    actor_id = fields.UUID(required=True, allow_none=True)
    via = fields.String(required=True)
    data = fields.Dict(required=True)
    at = fields.AwareDateTime(required=True)


class PostingOut(Schema):
    """Debits positive, credits negative, in minor units."""

    account = fields.String(required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    amount = fields.Integer(required=True)
    balance_after = fields.Integer(required=True, allow_none=True)


class EntryOut(Schema):
    """One entry of the ledger; its postings sum to zero."""

    id = fields.UUID(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True)
    reference_id = fields.UUID(required=True)
    currency = fields.String(required=True)
    actor_id = fields.UUID(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    postings = fields.List(fields.Nested(PostingOut), required=True)


class InvariantOut(Schema):
    """How one invariant stands; `rows` are those that break it, at most 20."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    holds = fields.Boolean(required=True)
    rows = fields.List(fields.Dict(), required=True)


class HealthOut(Schema):
    """How everything that must hold stood `at` the newest run: every night, each hour while not `ok`, when asked."""

    ok = fields.Boolean(required=True, attribute="holds")
    at = fields.AwareDateTime(required=True)
    items = fields.List(fields.Nested(InvariantOut), required=True, attribute="findings")


@resource.get("/organisations")
@resource.arguments(OrganisationsIn, location="query")
@resource.response(200, page_of(OrganisationOut))
def organisations(query: dict[str, Any]) -> Page[Organisation]:
    """Agencies and buyers, those that wait for a check first"""
    return queries.organisations_for(caller(), **query)


@resource.post("/organisations/<uuid:org_id>/verification")
@takes_key
@resource.response(200, OrganisationOut)
def verify(org_id: UUID) -> Organisation:
    """Say that an organisation was checked"""
    who = caller()
    with transaction():
        return queries.find_for(who, once(who, lambda: actions.verify_organisation(who, org_id).id))


@resource.get("/audit")
@resource.arguments(EventsIn, location="query")
@resource.response(200, page_of(EventOut))
def audit(query: dict[str, Any]) -> Page[Event]:
    """What happened, newest first"""
    return insights.audit_for(caller(), **query)


@resource.get("/ledger/entries")
@resource.arguments(EntriesIn, location="query")
@resource.response(200, page_of(EntryOut))
def entries(query: dict[str, Any]) -> Page[BookEntry]:
    """The books, newest first"""
    return insights.entries_for(caller(), **query)


@resource.get("/health/invariants")
@resource.response(200, HealthOut)
def invariants() -> Health:
    """Whether everything that must hold does, as the newest run found it"""
    return insights.health_for(caller())


@resource.post("/health/invariants")
@takes_key
@resource.response(202, HealthOut)
def check() -> Health:
    """Have everything checked now, at most 12 times an hour

    The answer is the run before; the new one is there as soon as `at` is later.
    """
    who = caller()
    with transaction():
        once(who, lambda: _asked(who))
        return insights.health_for(who)


def _asked(who: Who) -> UUID:
    insights.ask_check(who)
    return who.org_id
