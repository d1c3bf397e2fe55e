"""Reading how an agency stands: the agency itself, buyers before they buy, and staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.kit.db import session
from marketplace.kit.errors import Forbidden, NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import holds
from marketplace.leads.models import LeadHold
from marketplace.people import Grade, Organisation, OrgKind, Power, Who
from marketplace.quality.agencies import alarms
from marketplace.quality.agencies.alarms import Counts
from marketplace.quality.agencies.models import AgencyAlarm, AgencyRating, AlarmState, RatingNight
from marketplace.quality.facts import Finding, LeadAudit, SoldLead
from marketplace.quality.rating import PRIOR_LEADS

#: half a year of nights
_NIGHTS = 183
_FAULTS, _ALARMS = 10, 30
_UNRATED = 101.0  # behind all who have a score
_OPEN = (AlarmState.RINGING, AlarmState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agency with its newest rating (None before the first), and those of the nights before, oldest first."""

    agency: Organisation
    rating: AgencyRating | None
    history: Sequence[AgencyRating]

    @property
    def grade(self) -> str:
        return self.agency.grade

    @property
    def is_set(self) -> bool:
        """Whether the grade is another one than its record earns."""
        return self.agency.grade != (self.rating.grade if self.rating else Grade.NEW.value)


@dataclass(frozen=True, slots=True)
class Watched:
    """An alarm with what came of its calls."""

    alarm: AgencyAlarm
    calls: Counts


def standing_for(who: Who, agency_id: UUID) -> Standing:
    """How an agency stands: for itself, for any buyer, for staff. Raises NotFound, Forbidden."""
    if who.org_kind == OrgKind.AGENCY.value:
        who.need(Power.LEADS_READ)
        if agency_id != who.org_id:
            raise NotFound
    else:
        who.need(Power.CATALOG_READ if who.is_buyer else Power.ORGANISATIONS_VERIFY)
    agency = session().get(Organisation, agency_id)
    if agency is None or agency.kind != OrgKind.AGENCY.value:
        raise NotFound
    history = nights_of(agency_id)
    return Standing(agency, history[-1] if history else None, history)


def nights_of(agency_id: UUID, most: int = _NIGHTS) -> Sequence[AgencyRating]:
    """The ratings of an agency that was found for somebody, oldest first, of the last half year that it has."""
    newest = select(AgencyRating).where(AgencyRating.agency_id == agency_id).order_by(AgencyRating.night.desc())
    return session().scalars(newest.limit(most)).all()[::-1]


def newest_rating(agency_id: UUID) -> AgencyRating | None:
    """How an agency stood in the last night in which it was rated."""
    return next(iter(nights_of(agency_id, 1)), None)


def watched(agency_id: UUID, *, only_open: bool = True) -> Sequence[Watched]:
    """The alarms of an agency that was found for somebody, the newest first."""
    found = select(AgencyAlarm).where(AgencyAlarm.agency_id == agency_id)
    if only_open:
        found = found.where(AgencyAlarm.state.in_(_OPEN))
    newest = session().scalars(found.order_by(AgencyAlarm.id.desc()).limit(_FAULTS)).all()
    return [Watched(alarm, alarms.counts(alarm)) for alarm in newest]


def prior_of(rating: AgencyRating | None) -> float:
    """How much a newcomer's start weighed (a0) in the night of a rating."""
    night = session().get(RatingNight, rating.night) if rating else None
    return night.prior_leads if night else PRIOR_LEADS


def holds_of(agency_id: UUID) -> Sequence[tuple[LeadHold, int]]:
    """What of an agency, that was found for somebody, is held, with how many leads wait."""
    return holds.holds_of(agency_id)


def calls_of(agency_id: UUID) -> Mapping[str, int]:
    """How many calls about leads of an agency, that was found for somebody, came to what."""
    called = LeadAudit.agency_id == agency_id, LeadAudit.finding.is_distinct_from(Finding.KNOWN)
    counted = select(LeadAudit.state, func.count()).where(*called).group_by(LeadAudit.state)
    return dict(session().execute(counted).all())


def faults_of(who: Who) -> Sequence[SoldLead]:
    """The agency's own leads that were at fault, the newest first. Raises Forbidden."""
    who.need(Power.LEADS_READ)
    bad = select(SoldLead).where(SoldLead.agency_id == who.org_id, SoldLead.fault.is_(True))
    return session().scalars(bad.order_by(SoldLead.matured_at.desc(), SoldLead.order_id).limit(_FAULTS)).all()


def alarms_for(who: Who, ask: Ask, *, state: str = "") -> Page[AgencyAlarm]:
    """Alarms for staff, or an agency's own, the newest first. Raises Forbidden."""
    found = select(AgencyAlarm)
    if who.is_staff:
        who.need(Power.ORGANISATIONS_VERIFY)
    else:
        who.need(Power.LEADS_READ)
        found = found.where(AgencyAlarm.agency_id == who.org_id)
    if state:
        found = found.where(AgencyAlarm.state == state)
    return page(found, ask, by=[AgencyAlarm.id], key=lambda alarm: [alarm.id])


def open_alarms(who: Who) -> Sequence[tuple[Watched, Organisation]]:
    """The newest open alarms of all agencies for staff. Raises Forbidden."""
    if not who.is_staff:
        raise Forbidden
    who.need(Power.ORGANISATIONS_VERIFY)
    found = select(AgencyAlarm, Organisation).join(Organisation, Organisation.id == AgencyAlarm.agency_id)
    newest = found.where(AgencyAlarm.state.in_(_OPEN)).order_by(AgencyAlarm.id.desc()).limit(_ALARMS)
    return [(Watched(alarm, alarms.counts(alarm)), agency) for alarm, agency in session().execute(newest)]


def agencies_for(who: Who, ask: Ask, *, grade: str = "") -> Page[tuple[Organisation, AgencyRating | None]]:
    """All agencies with their newest rating for staff, the lowest score first. Raises Forbidden."""
    if not who.is_staff:
        raise Forbidden
    who.need(Power.ORGANISATIONS_VERIFY)
    each = aliased(AgencyRating)
    night = select(func.max(each.night)).where(each.agency_id == Organisation.id).scalar_subquery()
    found = (
        select(Organisation, AgencyRating)
        .outerjoin(AgencyRating, (AgencyRating.agency_id == Organisation.id) & (AgencyRating.night == night))
        .where(Organisation.kind == OrgKind.AGENCY.value)
    )
    if grade:
        found = found.where(Organisation.grade == grade)
    return page(
        found,
        ask,
        by=[func.coalesce(Organisation.score, _UNRATED), Organisation.id],
        key=lambda row: [_UNRATED if row[0].score is None else row[0].score, row[0].id],
        build=lambda row: (row[0], row[1]),
        descending=False,
    )


def newest_night() -> datetime | None:
    """When agencies were rated last."""
    return session().scalar(select(func.max(RatingNight.ended_at)))


def newest_rated() -> date | None:
    """The last night that is done: the day of the ratings that count now."""
    return session().scalar(select(func.max(RatingNight.night)).where(RatingNight.ended_at.is_not(None)))
