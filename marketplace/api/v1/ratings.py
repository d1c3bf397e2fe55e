"""How agencies stand: ratings for buyers and agencies, alarms and their appeals, and the calls that staff make."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.people import Who
from marketplace.quality import agencies
from marketplace.quality.agencies import AgencyAlarm, AlarmState, alarms
from marketplace.quality.agencies.schemas import (
    AlarmAnswerIn,
    AlarmAppealIn,
    AlarmOut,
    LeadAuditOut,
    LeadAuditResultIn,
    RatingOut,
    alarm_told,
    rating_told,
)
from marketplace.quality.buyers import BuyerStanding, standing_for
from marketplace.quality.facts import AuditState, Finding, LeadAudit

resource = Resource("ratings", "Quality")


class CalledContactOut(Schema):
    contact = fields.Dict(keys=fields.String(), required=True)


class CallsIn(PageIn):
    agency_id = fields.UUID(load_default=None)
    state = fields.String(
        load_default=AuditState.WAITING.value, validate=validate.OneOf([state.value for state in AuditState])
    )


class BuyerContactOut(Schema):
    """Leads of one temperature whose time is over. Times in seconds; `median` of the `told` ones, null below 5."""

    temperature = fields.String(required=True)
    promise = fields.TimeDelta(required=True)
    leads = fields.Integer(required=True)
    told = fields.Integer(required=True)
    median = fields.TimeDelta(required=True, allow_none=True)


class BuyerDisputesOut(Schema):
    """Of `leads` bought that have matured `opened` were disputed: `upheld`, in full or part, or `lost`.

    A lead whose dispute is open, or can be appealed, has not matured and is in none of these.
    """

    leads = fields.Integer(required=True)
    opened = fields.Integer(required=True)
    upheld = fields.Integer(required=True)
    lost = fields.Integer(required=True)


class BuyerSalesOut(Schema):
    """Sales of `leads` paid by the sale, beside what their chances add up to."""

    leads = fields.Integer(required=True)
    reported = fields.Integer(required=True)
    expected = fields.Float(required=True)


class BuyerStandingOut(Schema):
    """The last 365 days of a buyer; `sales` since they are tested; of each the newest 2,000. Null below 5 leads."""

    buyer_id = fields.UUID(required=True)
    contacts = fields.List(fields.Nested(BuyerContactOut), required=True)
    disputes = fields.Nested(BuyerDisputesOut, required=True, allow_none=True)
    sales = fields.Nested(BuyerSalesOut, required=True, allow_none=True)


class AlarmsIn(PageIn):
    state = fields.String(load_default="", validate=validate.OneOf([state.value for state in AlarmState]))


@resource.get("/agencies/<uuid:agency_id>/rating")
@resource.response(HTTPStatus.OK, RatingOut)
def rating(agency_id: UUID) -> dict[str, Any]:
    """How an agency stands, and how it stood in the nights of the last half year"""
    return rating_told(agencies.standing_for(caller(), agency_id))


@resource.get("/buyers/<uuid:buyer_id>/standing")
@resource.response(HTTPStatus.OK, BuyerStandingOut)
def buyer_standing(buyer_id: UUID) -> BuyerStanding:
    """How a buyer that bought from you stands: how soon it calls, its disputes, its reports of sales"""
    return standing_for(caller(), buyer_id)


@resource.get("/alarms")
@resource.arguments(AlarmsIn, location="query")
@resource.response(HTTPStatus.OK, page_of(AlarmOut))
def all_alarms(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Alarms about channels of agencies, the newest first; an agency sees its own"""
    found = agencies.alarms_for(caller(), **query)
    return Page([_told(alarm) for alarm in found.items], found.next_cursor)


@resource.post("/alarms/<uuid:alarm_id>/appeals")
@takes_key
@resource.arguments(AlarmAppealIn)
@resource.response(HTTPStatus.CREATED, AlarmOut)
def appeal(said: dict[str, Any], alarm_id: UUID) -> dict[str, Any]:
    """Say why an alarm, or a suspension, is wrong"""
    who = caller()
    with transaction():
        return _told(alarms.known(once(who, lambda: agencies.appeal(who, alarm_id, said["statement"]).id)))


@resource.post("/alarms/<uuid:alarm_id>/answers")
@takes_key
@resource.arguments(AlarmAnswerIn)
@resource.response(HTTPStatus.CREATED, AlarmOut)
def answer(said: dict[str, Any], alarm_id: UUID) -> dict[str, Any]:
    """Say whether the agency is right: then nothing is held any more"""
    who = caller()
    with transaction():
        return _told(alarms.known(once(who, lambda: agencies.answer(who, alarm_id, **said).id)))


@resource.get("/lead-audits")
@resource.arguments(CallsIn, location="query")
@resource.response(HTTPStatus.OK, page_of(LeadAuditOut))
def calls(query: dict[str, Any]) -> Page[LeadAudit]:
    """Calls that staff have to make, or have made"""
    found = agencies.queue_for(caller(), **query)
    return Page([call.audit for call in found.items], found.next_cursor)


@resource.post("/lead-audits/<uuid:audit_id>/contact")
@takes_key
@resource.response(HTTPStatus.OK, CalledContactOut)
def contact(audit_id: UUID) -> dict[str, Any]:
    """Open the contact of a lead to call the person; it is written down who did"""
    with transaction():
        return {"contact": agencies.open_contact(caller(), audit_id).to_json()}


@resource.post("/lead-audits/<uuid:audit_id>/result")
@takes_key
@resource.arguments(LeadAuditResultIn)
@resource.response(HTTPStatus.CREATED, LeadAuditOut)
def result(said: dict[str, Any], audit_id: UUID) -> LeadAudit:
    """Write down what the call showed"""
    who = caller()
    with transaction():
        return agencies.call_for(who, once(who, lambda: _recorded(who, audit_id, said))).audit


def _recorded(who: Who, audit_id: UUID, said: dict[str, Any]) -> UUID:
    return agencies.record_call(who, audit_id, Finding(said["finding"]), said["note"]).id


def _told(alarm: AgencyAlarm) -> dict[str, Any]:
    return alarm_told(alarm, alarms.counts(alarm))
