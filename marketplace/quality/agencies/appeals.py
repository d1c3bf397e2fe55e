"""An agency says that an alarm or a suspension is wrong; staff answer."""

from uuid import UUID

from sqlalchemy import select

from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.people import Power, Who
from marketplace.quality.agencies import alarms
from marketplace.quality.agencies.audits import refuse_own
from marketplace.quality.agencies.errors import AppealedBefore, NoAlarm
from marketplace.quality.agencies.models import AgencyAlarm, AlarmState


def appeal(who: Who, alarm_id: UUID, statement: str) -> AgencyAlarm:
    """The agency says why it is wrong, once. Raises NotFound, Forbidden, NoAlarm, AppealedBefore."""
    who.need(Power.LEADS_WRITE)
    alarm = _locked(alarm_id)
    if alarm.agency_id != who.org_id:
        raise NotFound
    if not alarm.is_open:
        raise NoAlarm
    if alarm.appeal is not None:
        raise AppealedBefore
    alarm.appeal, alarm.appealed_at = statement.strip(), clock.now()
    session().flush()
    record("alarm.appealed", alarm.id, by=who, orgs=[alarm.agency_id], channel=alarm.channel)
    return alarm


def answer(who: Who, alarm_id: UUID, *, is_right: bool, reasoning: str) -> AgencyAlarm:
    """Staff say whether the agency is right: then nothing is held any more. Otherwise all goes on.

    Raises:
        NotFound, Forbidden, NoAlarm, OwnAgency.
    """
    who.need(Power.SETTINGS_WRITE)
    alarm = _locked(alarm_id)
    refuse_own(who, alarm.agency_id)
    if not alarm.is_open:
        raise NoAlarm
    alarm.reasoning = reasoning.strip()
    session().flush()
    if not is_right:
        record("alarm.kept", alarm.id, by=who, orgs=[alarm.agency_id], channel=alarm.channel)
    elif alarm.state == AlarmState.RINGING:
        alarms.end(alarm, AlarmState.ENDED, alarm.reasoning, who)
    else:
        alarms.lift(alarm, alarm.reasoning, who)
    return alarm


def _locked(alarm_id: UUID) -> AgencyAlarm:
    alarm = session().scalars(fresh(select(AgencyAlarm).where(AgencyAlarm.id == alarm_id))).first()
    if alarm is None:
        raise NotFound
    return alarm
