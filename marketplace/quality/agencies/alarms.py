"""Alarms: they ring by themselves, hold new leads, have people called, and end in a suspension or in nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.leads import holds
from marketplace.people import Grade, actions
from marketplace.quality.agencies import rules
from marketplace.quality.agencies.models import AgencyAlarm, AlarmState
from marketplace.quality.facts import AuditState, Finding, LeadAudit

#: the channel of a suspension: all of the agency
WHOLE = holds.ALL
_LONG = 365 * 10
#: POLICY: an alarm of which too few could be asked for so long ends: what is on sale may still be sold until then
_TOO_FEW = timedelta(days=14)


def ring(agency_id: UUID, channel: str, *, level: float, expected: float, leads: int) -> None:
    """An alarm begins: new leads of the channel wait. One that is open already goes on."""
    if _open(agency_id, channel) or _open(agency_id, WHOLE):
        return
    alarm = AgencyAlarm(
        agency_id=agency_id,
        channel=channel,
        state=AlarmState.RINGING,
        rang_at=clock.now(),
        level=level,
        expected=expected,
        leads=leads,
    )
    session().add(alarm)
    session().flush()
    holds.hold(agency_id, channel, "alarm")
    record("alarm.rang", alarm.id, by=SYSTEM, orgs=[agency_id], channel=channel)


def suspend(agency_id: UUID, why: str) -> None:
    """The whole agency is suspended: its new leads are held. Suspended already, it stays so."""
    holds.hold(agency_id, WHOLE, "grade")
    if _open(agency_id, WHOLE):
        return
    now = clock.now()
    row = AgencyAlarm(
        agency_id=agency_id,
        channel=WHOLE,
        state=AlarmState.CONFIRMED,
        rang_at=now,
        level=0.0,
        expected=0.0,
        leads=0,
        decided_at=now,
        reasoning=why,
    )
    session().add(row)
    session().flush()
    record("agency.suspended", row.id, by=SYSTEM, orgs=[agency_id], why=why)


def review(agency_id: UUID, channel: str, by: Actor, *, is_all: bool = False) -> None:
    """After a call: is an alarm of this channel confirmed or over, is the agency back?

    is_all: nobody is left who could be asked in place of who is wanting.
    """
    alarm = _open(agency_id, channel)
    if alarm and alarm.state == AlarmState.RINGING:
        _judge(alarm, by, is_all=is_all)
    whole = _open(agency_id, WHOLE)
    if whole and rules.in_a_row(_passed_since(whole)) >= rules.CLEAN:
        lift(whole, "", by)


def lift(whole: AgencyAlarm, reasoning: str, by: Actor) -> None:
    """The agency is back: its leads are offered again, with grade E at first."""
    end_suspension(whole.agency_id, reasoning, by)
    actions.set_grade(whole.agency_id, Grade.E, "back", rules.BACK_DAYS, by=by)


def end_suspension(agency_id: UUID, reasoning: str, by: Actor) -> None:
    """The agency has another grade than F: what was confirmed against it is over."""
    holds.let_go(agency_id, WHOLE)
    confirmed = AgencyAlarm.agency_id == agency_id, AgencyAlarm.state == AlarmState.CONFIRMED
    for alarm in session().scalars(fresh(select(AgencyAlarm).where(*confirmed).order_by(AgencyAlarm.id))):
        end(alarm, AlarmState.LIFTED, reasoning, by)


def end(alarm: AgencyAlarm, state: AlarmState, reasoning: str, by: Actor) -> None:
    """Nothing is held for it any more. Raises ValueError: a bug, for whoever calls has looked."""
    if state not in rules.ALLOWED[AlarmState(alarm.state)]:
        raise ValueError(f"alarm {alarm.id}: {alarm.state} -> {state}")
    now = clock.now()
    alarm.state, alarm.ended_at, alarm.decided_at, alarm.decided_by = state, now, alarm.decided_at or now, by.user_id
    alarm.reasoning = reasoning or alarm.reasoning
    session().flush()
    holds.let_go(alarm.agency_id, alarm.channel)
    record("alarm.ended", alarm.id, by=by, orgs=[alarm.agency_id], channel=alarm.channel, state=state.value)


class Counts(NamedTuple):
    """Of the leads drawn for an alarm: how many passed, failed, wait; `drawn` counts those not reached as well.

    Of those that failed, `known` were known to be bad from a dispute: nobody was called.
    """

    passed: int
    failed: int
    waiting: int
    known: int
    drawn: int

    @property
    def reached(self) -> int:
        """How many people were reached by a call."""
        return self.passed + self.failed - self.known


def counts(alarm: AgencyAlarm) -> Counts:
    """What came of the leads that were drawn for an alarm."""
    found = select(LeadAudit.state, LeadAudit.finding == Finding.KNOWN, func.count()).where(*_calls_of(alarm))
    counted: Counter[str] = Counter()
    for state, is_known, count in session().execute(found.group_by(LeadAudit.state, LeadAudit.finding)):
        counted[state] += count
        counted["known"] += count if is_known else 0
        counted["drawn"] += count
    return Counts(*(counted[name] for name in Counts._fields))


def known(alarm_id: UUID) -> AgencyAlarm:
    """An alarm that was found for somebody."""
    return session().get_one(AgencyAlarm, alarm_id)


def _judge(alarm: AgencyAlarm, by: Actor, *, is_all: bool) -> None:
    told = counts(alarm)
    known = told.passed + told.failed
    # A known fault needs no call: before all of the same draw are in, the faults would be too many of them.
    if told.waiting or (known < rules.CALLS and not is_all):
        return
    # So few could not confirm it if all were bad: what is held is not let go before more may have been sold.
    if not rules.is_confirmed(known, known, alarm.expected) and clock.now() - alarm.rang_at < _TOO_FEW:
        return
    if not rules.is_confirmed(told.failed, known, alarm.expected):
        end(alarm, AlarmState.ENDED, "", by)
        return
    alarm.state, alarm.decided_at, alarm.decided_by = AlarmState.CONFIRMED, clock.now(), by.user_id
    session().flush()
    record("alarm.confirmed", alarm.id, by=by, orgs=[alarm.agency_id], channel=alarm.channel)
    actions.set_grade(alarm.agency_id, Grade.F, "alarm", _LONG, by=by)
    suspend(alarm.agency_id, f"alarm:{alarm.channel}")


def _passed_since(whole: AgencyAlarm) -> Sequence[bool]:
    done = (AuditState.PASSED, AuditState.FAILED)
    found = select(LeadAudit.state == AuditState.PASSED).where(*_calls_of(whole), LeadAudit.state.in_(done))
    return session().scalars(found.order_by(LeadAudit.decided_at, LeadAudit.id)).all()


def _calls_of(alarm: AgencyAlarm) -> list[ColumnElement[bool]]:
    mine = [LeadAudit.agency_id == alarm.agency_id, LeadAudit.drawn_at >= alarm.rang_at]
    if alarm.channel == WHOLE:
        return [*mine, LeadAudit.why == "held"]
    return [*mine, LeadAudit.channel == alarm.channel, LeadAudit.why == "alarm"]


def _open(agency_id: UUID, channel: str) -> AgencyAlarm | None:
    is_open = AgencyAlarm.state.in_((AlarmState.RINGING, AlarmState.CONFIRMED))
    found = select(AgencyAlarm).where(AgencyAlarm.agency_id == agency_id, AgencyAlarm.channel == channel, is_open)
    return session().scalars(fresh(found)).first()


def quiet_since() -> dict[tuple[str, str], float]:
    """From when on a channel's leads count for its next alarm, in seconds since 1970; far in the future while one is
    open.
    """
    found = select(AgencyAlarm.agency_id, AgencyAlarm.channel, AgencyAlarm.ended_at).order_by(AgencyAlarm.id)
    return {(str(agency), channel): _from(ended_at) for agency, channel, ended_at in session().execute(found)}


def _from(ended_at: datetime | None) -> float:
    return ended_at.timestamp() if ended_at else float("inf")
