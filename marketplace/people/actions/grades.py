"""An agency's grade: from its record, night by night, or set by hand for a while."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace import events
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people.actions.organisations import lock_organisation
from marketplace.people.models import Grade, Organisation, OrgKind
from marketplace.people.queries.ties import keep_apart
from marketplace.people.rules import Power
from marketplace.people.who import Who

#: how long a grade set by hand holds where nothing else is said
BY_HAND_DAYS = 90


def grade_organisation(who: Who, org_id: UUID, grade: str, reason: str, days: int = BY_HAND_DAYS) -> Organisation:
    """Staff set an agency's grade by hand: its next sales, and its payouts, follow it, whatever its record earns.

    Args:
        days: so long it holds; then, or at once with 0, the record counts again.

    Raises:
        Forbidden, NotFound, TooNear.
    """
    who.need(Power.SETTINGS_WRITE)
    org = lock_organisation(org_id)
    if org.kind != OrgKind.AGENCY.value:
        raise NotFound
    keep_apart(who, org_id)
    org.grade_until, org.grade_note = clock.now() + timedelta(days=days), reason
    if org.grade != grade:
        _regrade(org, grade, who, reason)
    return org


def follow_record(org_id: UUID, grade: str, score: float | None) -> Organisation:
    """The nightly rating of an agency: its score, and its grade unless another one was set by hand for a while."""
    org = lock_organisation(org_id)
    org.score = score
    if org.grade_until and org.grade_until > clock.now():
        return org
    org.grade_until, org.grade_note = None, ""
    if org.grade != grade:
        _regrade(org, grade, SYSTEM, "rating")
    return org


def end_by_hand(until: datetime, most: int) -> int:
    """Agencies without any record whose hand-set grade ended by then: newcomers again. Returns how many there were."""
    ended = select(Organisation.id).where(Organisation.grade_until <= until).order_by(Organisation.id).limit(most)
    found = session().scalars(ended).all()
    for org_id in found:
        follow_record(org_id, Grade.NEW, None)
    return len(found)


def set_grade(org_id: UUID, grade: str, reason: str, days: int, *, by: Actor) -> Organisation:
    """What calls have shown sets an agency's grade for so many days, whatever its record earns."""
    org = lock_organisation(org_id)
    org.grade_until, org.grade_note = clock.now() + timedelta(days=days), reason
    if org.grade != grade:
        _regrade(org, grade, by, reason)
    return org


def _regrade(org: Organisation, grade: str, by: Actor, reason: str) -> None:
    before, org.grade = org.grade, grade
    events.record("organisation.graded", org.id, by=by, orgs=[org.id], before=before, grade=grade, reason=reason)
