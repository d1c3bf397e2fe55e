"""Letters to an agency about alarms: what was seen, what is held, what happens next, and how to object."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marketplace import events
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.leads.wording import CHANNELS
from marketplace.notices.actions import write
from marketplace.notices.deals import News
from marketplace.people import Power, queries
from marketplace.quality.agencies import AgencyAlarm, AlarmState, alarms
from marketplace.quality.agencies.rules import CALLS, CLEAN

_AGENCY = ("agency",)
_LOOK = _l("Look, or say that it is wrong")
_STAND = _l("See how you stand")
_EVENTS: Mapping[str, News] = {
    "alarm.rang": News(
        _AGENCY,
        _l("An alarm about one of your channels"),
        _l(
            "More of its newest leads turned out bad than chance explains. New leads of this channel are held; all "
            "others are sold as before, and your score is not cut. We call up to %(calls)s people of sold leads: if "
            "few complain, the held leads go on sale by themselves. If you think it is wrong, say why on the page: a "
            "person reads it and answers.",
            calls=CALLS,
        ),
        _LOOK,
    ),
    "alarm.confirmed": News(
        _AGENCY,
        _l("An alarm is confirmed: your account is suspended"),
        _l(
            "What we found confirms that leads of this channel are bad. Your grade is F, all your new leads are held, "
            "and nothing is paid out. What was sold keeps its terms. We call the people of new leads: %(clean)s good "
            "ones in a row, and you are back. If you think it is wrong, say why on the page: a person reads it and "
            "answers.",
            clean=CLEAN,
        ),
        _LOOK,
    ),
    "agency.suspended": News(
        _AGENCY,
        _l("Your account is suspended"),
        _l(
            "Your grade is F. All your new leads are held, and nothing is paid out. What was sold keeps its terms. We "
            "call the people of new leads: %(clean)s good ones in a row, and you are back. If you think it is wrong, "
            "say why on the page: a person reads it and answers.",
            clean=CLEAN,
        ),
        _LOOK,
    ),
    "alarm.kept": News(
        _AGENCY,
        _l("We have read why you think an alarm is wrong"),
        _l("It stays for now, and so does what is held. Our answer is on the page. The calls continue as before."),
        _l("Read the answer"),
    ),
}
_ENDED: Mapping[str, News] = {
    AlarmState.ENDED: News(
        _AGENCY,
        _l("An alarm is over"),
        _l("Nothing is held because of it any longer, and nothing follows from it."),
        _STAND,
    ),
    AlarmState.LIFTED: News(
        _AGENCY,
        _l("Your account is no longer suspended"),
        _l("All your leads are offered again. The page shows your grade and what would improve it."),
        _STAND,
    ),
}


EVENTS = (*_EVENTS, "alarm.ended")


def tell(event: str, alarm_id: UUID) -> None:
    """To those of the agency who act on leads. What two events say at once is written once."""
    alarm, happened = alarms.known(alarm_id), events.history(alarm_id, event)[-1]
    news = _ENDED[happened.data["state"]] if event == "alarm.ended" else _EVENTS[event]
    if _is_told_otherwise(happened.data, alarm):
        return
    for to in queries.addressees(alarm.agency_id, Power.LEADS_WRITE):
        write("agency_news", to, happened.id, news=news, facts=_facts(alarm), path="/quality")


def _is_told_otherwise(said: Mapping[str, Any], alarm: AgencyAlarm) -> bool:
    """A confirmed alarm tells of the suspension that follows; the end of a suspension of its alarms."""
    of_alarm = str(said.get("why", "")).startswith("alarm:")
    return of_alarm or (said.get("state") == AlarmState.LIFTED and bool(alarm.channel))


def _facts(alarm: AgencyAlarm) -> list[tuple[Any, Any]]:
    told = alarms.counts(alarm)
    called = [(_l("People reached so far"), told.reached), (_l("Bad leads among them"), told.failed - told.known)]
    if told.known:
        called.append((_l("Known to be bad from disputes, nobody was called"), told.known))
    if not alarm.channel:
        return [(_l("Since"), alarm.rang_at), *called]
    channel = CHANNELS.get(alarm.channel, _l("Other"))
    seen = (_l("Channel"), channel), (_l("Since"), alarm.rang_at), (_l("Sold leads looked at"), alarm.leads)
    return [*seen, *called]
