"""What may come in about calls and alarms, and how ratings, calls and alarms look from outside."""

from typing import Any

from marshmallow import Schema, fields, validate

from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import REASON
from marketplace.quality.agencies.alarms import Counts
from marketplace.quality.agencies.models import AgencyAlarm, AgencyRating
from marketplace.quality.agencies.queries import Standing
from marketplace.quality.agencies.wording import CALLED

_MOST = 1_000
_GRADE = {"description": "`new` until there is enough to tell."}


class LeadAuditResultIn(Schema):
    """What a call showed: the person asked, did not ask, it is somebody else, or nobody answers."""

    finding = fields.String(
        required=True,
        validate=validate.OneOf([finding.value for finding in CALLED]),
        error_messages={"required": _l("Choose what the call showed.")},
    )
    note = fields.String(load_default="", validate=validate.Length(max=_MOST))


class AlarmAppealIn(Schema):
    statement = fields.String(required=True, validate=validate.Length(5, _MOST))


class AlarmAnswerIn(Schema):
    """Whether the agency is right, and why."""

    is_right = fields.Boolean(required=True)
    reasoning = fields.String(required=True, validate=REASON)


class ChannelRatingOut(Schema):
    """The rating of one channel."""

    channel = fields.String(required=True)
    score = fields.Float(required=True)
    grade = fields.String(required=True, metadata=_GRADE)
    expected_fault = fields.Float(required=True)
    interval = fields.List(fields.Float(), required=True)
    n = fields.Integer(required=True)
    faults = fields.Integer(required=True)


class RatedNightOut(Schema):
    night = fields.Date(required=True)
    score = fields.Float(required=True)
    grade = fields.String(required=True, metadata=_GRADE)
    expected_fault = fields.Float(required=True)
    interval = fields.List(fields.Float(), required=True)
    n = fields.Integer(required=True)


class RatedSalesOut(Schema):
    """Sales of an agency's leads beside how many leads like these bring."""

    ratio = fields.Float(required=True)
    interval = fields.List(fields.Float(), required=True)
    n = fields.Integer(required=True)
    won = fields.Integer(required=True)
    expected = fields.Float(required=True)


class RatingOut(Schema):
    """An agency's rating: null in all parts but the grade until it has sold leads that have matured.

    `expected_fault` is the share of its leads that will be bad, with 80 % within `interval`; `n` leads stand behind it.
    `grade` holds now; `earned` is what the record earns, another one only while a grade is set.
    """

    agency_id = fields.UUID(required=True)
    name = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True)
    grade = fields.String(required=True, metadata=_GRADE)
    earned = fields.String(required=True, metadata=_GRADE)
    expected_fault = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    n = fields.Integer(required=True)
    faults = fields.Integer(required=True)
    buyers = fields.Integer(required=True)
    rated_at = fields.AwareDateTime(required=True, allow_none=True)
    per_channel = fields.List(fields.Nested(ChannelRatingOut), required=True)
    sales = fields.Nested(RatedSalesOut, required=True, allow_none=True)
    history = fields.List(fields.Nested(RatedNightOut), required=True)


class LeadAuditOut(Schema):
    """A call to the person of a lead: to be made, or made. The contact is opened apart."""

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True, allow_none=True)
    lead_id = fields.UUID(required=True)
    agency_id = fields.UUID(required=True)
    channel = fields.String(required=True)
    why = fields.String(required=True)
    rate_bp = fields.Integer(required=True)
    drawn_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
    finding = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    note = fields.String(required=True)


class AlarmOut(Schema):
    """An alarm of one channel, or, with an empty channel, the suspension of an agency.

    `passed`, `failed` and `waiting` are of the leads drawn for it; of those that failed, `known` were known to be bad
    from a dispute, and nobody was called.
    """

    id = fields.UUID(required=True)
    agency_id = fields.UUID(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    rang_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    passed = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    known = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    appeal = fields.String(required=True, allow_none=True)
    reasoning = fields.String(required=True)


def rating_told(standing: Standing) -> dict[str, Any]:
    """A rating as the API gives it."""
    agency, rating = standing.agency, standing.rating
    told = _night(rating) if rating else {"score": None, "expected_fault": None, "interval": None, "n": 0}
    return {
        **told,
        "agency_id": agency.id,
        "name": agency.name,
        "grade": standing.grade,
        "earned": rating.grade if rating else "new",
        "faults": rating.faults if rating else 0,
        "buyers": rating.buyers if rating else 0,
        "rated_at": rating.at if rating else None,
        "per_channel": rating.channels if rating else [],
        "sales": rating.sales if rating else None,
        "history": [_night(night) for night in standing.history],
    }


def alarm_told(alarm: AgencyAlarm, counts: Counts) -> dict[str, Any]:
    """An alarm with what came of its calls."""
    named = ("id", "agency_id", "channel", "state", "rang_at", "decided_at", "ended_at", "appeal", "reasoning")
    told = {name: getattr(counts, name) for name in ("passed", "failed", "known", "waiting")}
    return {**{name: getattr(alarm, name) for name in named}, **told}


def _night(rating: AgencyRating) -> dict[str, Any]:
    return {
        "night": rating.night,
        "score": round(rating.score, 1),
        "grade": rating.grade,
        "expected_fault": round(rating.expected_fault, 4),
        "interval": [round(rating.low, 4), round(rating.high, 4)],
        "n": rating.leads,
    }
