"""An agency's leads after they came in. The person is sealed: only a buyer reads the contact."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import leads
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import CheckOut, PageIn, ScoreOut, page_of
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.leads import Lead, LeadState
from marketplace.leads.requalify import QualificationIn
from marketplace.quality import scores

resource = Resource("leads", "Leads")


def _marks(lead: Lead) -> list[dict[str, str]]:
    return [{"check": name, "result": result} for name, result in lead.checks.get("marks", {}).items()]


class FindingOut(CheckOut):
    """What a check found that did not pass: the reason's code, how it was found out, and facts beside it."""

    reason = fields.String(allow_none=True)
    method = fields.String()
    evidence = fields.Dict(keys=fields.String(), values=fields.String())


class LeadOut(Schema):
    """A lead as its agency sees it. `preview` holds what buyers see of its answers."""

    id = fields.UUID(required=True)
    listing_id = fields.UUID(required=True)
    import_id = fields.UUID(required=True, allow_none=True)
    import_row = fields.Integer(required=True, allow_none=True)
    external_id = fields.String(required=True, allow_none=True)
    vertical = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in LeadState]))
    slots_total = fields.Integer(required=True)
    slots_taken = fields.Integer(required=True)
    country = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    postal_prefix = fields.String(required=True, allow_none=True)
    contact_type = fields.String(required=True)
    temperature = fields.String(required=True, allow_none=True)
    qualification = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    sub_id = fields.String(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    preview = fields.Dict(keys=fields.String(), required=True)
    checks = fields.Function(_marks, metadata={"type": "array", "items": {"type": "object"}})
    findings = fields.List(fields.Nested(FindingOut), attribute="checks.findings")
    submitted_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class LeadsIn(PageIn):
    listing_id = fields.UUID()
    import_id = fields.UUID()
    state = fields.String(validate=validate.OneOf([state.value for state in LeadState]))


@resource.get("/leads")
@resource.arguments(LeadsIn, location="query")
@resource.response(200, page_of(LeadOut))
def all_leads(query: dict[str, Any]) -> Page[Lead]:
    """Your leads, newest first"""
    return leads.leads_for(caller(), **query)


@resource.get("/leads/<uuid:lead_id>")
@resource.response(200, LeadOut)
def one_lead(lead_id: UUID) -> Lead:
    """One of your leads"""
    return leads.find_for(caller(), lead_id)


@resource.get("/leads/<uuid:lead_id>/score")
@resource.response(200, ScoreOut)
def score(lead_id: UUID) -> dict[str, Any]:
    """How likely one of your leads is real, and buys, with the reasons and their points"""
    return scores.told_of(leads.find_for(caller(), lead_id)).to_json()


@resource.post("/leads/<uuid:lead_id>/qualifications")
@takes_key
@resource.arguments(QualificationIn)
@resource.response(200, LeadOut)
def qualify(found: dict[str, Any], lead_id: UUID) -> Lead:
    """Say what you found out about need, wish and ability: the class of a lead on sale follows

    IQL: interest alone. MQL: the need, and the wish or the ability. SQL: all three.
    """
    who = caller()
    with transaction():
        return leads.find_for(who, once(who, lambda: leads.requalify(who, lead_id, found).id))


@resource.post("/leads/<uuid:lead_id>/withdrawal")
@takes_key
@resource.response(200, LeadOut)
def withdraw(lead_id: UUID) -> Lead:
    """Take a lead off sale; who bought it keeps it"""
    who = caller()
    with transaction():
        return leads.find_for(who, once(who, lambda: leads.withdraw(who, lead_id).id))
