"""How every agency stands: rated night by night, watched for a turn to the bad, and looked at by calls.

A rating moves the grade, by which the next sales are made. An alarm holds new leads and is no penalty; only calls
confirm one. Money is never touched here.
"""

from marketplace.quality.agencies import alarms
from marketplace.quality.agencies.appeals import answer, appeal
from marketplace.quality.agencies.audits import (
    Call,
    call_for,
    count_calls,
    draw,
    draw_for_alarms,
    leave_alone,
    open_contact,
    queue_for,
    record_call,
)
from marketplace.quality.agencies.links import tell_links
from marketplace.quality.agencies.models import AgencyAlarm, AgencyRating, AlarmState
from marketplace.quality.agencies.night import rate_night
from marketplace.quality.agencies.queries import (
    Standing,
    Watched,
    agencies_for,
    alarms_for,
    calls_of,
    faults_of,
    holds_of,
    newest_night,
    newest_rating,
    open_alarms,
    prior_of,
    standing_for,
    watched,
)

__all__ = [
    "AgencyAlarm",
    "AgencyRating",
    "AlarmState",
    "Call",
    "Standing",
    "Watched",
    "agencies_for",
    "alarms",
    "alarms_for",
    "answer",
    "appeal",
    "call_for",
    "calls_of",
    "count_calls",
    "draw",
    "draw_for_alarms",
    "faults_of",
    "holds_of",
    "leave_alone",
    "newest_night",
    "newest_rating",
    "open_alarms",
    "open_contact",
    "prior_of",
    "queue_for",
    "rate_night",
    "record_call",
    "standing_for",
    "tell_links",
    "watched",
]
