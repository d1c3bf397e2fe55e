"""The night: every agency is rated by everything that has matured, and channels that turned bad ring an alarm.

Rates grades, never money: what was sold keeps its terms, and alarms only hold what was not sold yet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.people import Grade, actions
from marketplace.quality import rating
from marketplace.quality.agencies import alarms
from marketplace.quality.agencies.models import AgencyRating, RatingNight
from marketplace.quality.agencies.reading import Matured, read_matured
from marketplace.quality.rating import Expectation, Rating, Sales, Whole

#: a night that broke is begun again after so long
_BROKEN = timedelta(hours=1)
#: what turned bad longer ago rings no more: nobody heard of it when it was news
_HEARD = timedelta(days=7)
_AT_ONCE = 200
_LEARN_PRIOR_FROM = 2_000
_GRADES: Mapping[rating.Grade, str] = {each: each.value for each in rating.Grade} | {rating.Grade.NEW: Grade.NEW.value}


@dataclass(slots=True)
class Running:
    """The running sum of one channel of an agency."""

    level: float = 0.0
    expected: float = 0.0
    leads: int = 0
    rings: bool = False

    def add(self, fault: int, expected: float) -> None:
        self.level = rating.alarm.after(self.level, fault=bool(fault), expected=expected)
        self.expected += expected
        self.leads += 1


def rate_night() -> bool:
    """Rate everybody, once a day (UTC); whether it was done now. Opens its own transactions.

    The same night again, after a crash, comes to the same.
    """
    began = clock.now()
    night = began.date()
    with transaction():
        if not _claim(night):
            return False
        matured = read_matured(clock.now())
        before = _prior()
        quiet, since = alarms.quiet_since(), (clock.now() - _HEARD).timestamp()
    expectation = rating.learn_expectation(matured.faults)
    with transaction():
        prior = _refit(night, matured, expectation, before)
    found = rating.rate_whole(matured.faults, expectation, prior)
    sales = rating.rate_sales(matured.sales())
    _in_chunks(found, lambda some: _keep(night, some, sales))
    _end_by_hand(began)
    _in_chunks(_ringing(matured, expectation, quiet, since), _ring)
    with transaction():
        _finish(night, len(found), len(matured), prior, expectation)
    return True


def _claim(night: date) -> bool:
    """Whether this night is ours to do: nobody has done it, or begun it a short while ago."""
    now = clock.now()
    begin = insert(RatingNight).values(
        night=night, began_at=now, agencies=0, leads=0, prior_leads=rating.PRIOR_LEADS, expectation={}
    )
    is_broken = RatingNight.ended_at.is_(None) & (RatingNight.began_at < now - _BROKEN)
    again = begin.on_conflict_do_update(index_elements=[RatingNight.night], set_={"began_at": now}, where=is_broken)
    return session().execute(again.returning(RatingNight.night)).first() is not None


def _prior() -> float:
    """How much a newcomer's start weighs, as it was learned last."""
    newest = select(RatingNight.prior_leads).where(RatingNight.ended_at.is_not(None))
    return session().scalar(newest.order_by(RatingNight.night.desc()).limit(1)) or rating.PRIOR_LEADS


def _refit(night: date, matured: Matured, expectation: Expectation, prior: float) -> float:
    """The same learned anew, on the first night of a month, from enough leads."""
    this_month = RatingNight.night >= night.replace(day=1), RatingNight.ended_at.is_not(None)
    if len(matured) < _LEARN_PRIOR_FROM or session().scalar(select(RatingNight.night).where(*this_month).limit(1)):
        return prior
    sums: dict[str, list[float]] = {}
    for each in matured.faults:
        mine = sums.setdefault(each.agency, [0.0, 0.0])
        mine[0] += each.fault
        mine[1] += expectation.of(each.vertical, each.channel, each.buyer)[0]
    return rating.refit_prior((came, expected) for came, expected in sums.values())


def _finish(night: date, agencies: int, leads: int, prior: float, expectation: Expectation) -> None:
    row = session().get_one(RatingNight, night)
    row.ended_at, row.agencies, row.leads = clock.now(), agencies, leads
    row.prior_leads, row.expectation = prior, expectation.to_json()


def _in_chunks(found: Mapping[Any, Any], act: Callable[[Sequence[tuple[Any, Any]]], None]) -> None:
    """Act on some at a time, each time in a transaction of its own, always in the same order."""
    waiting = iter(sorted(found.items()))
    while some := list(islice(waiting, _AT_ONCE)):
        with transaction():
            act(some)


def _end_by_hand(began: datetime) -> None:
    """Who has a record follows it by now; for the rest what was set for a while ends too."""
    ended = _AT_ONCE
    while ended == _AT_ONCE:
        with transaction():
            ended = actions.end_by_hand(began, _AT_ONCE)


def _keep(night: date, some: Sequence[tuple[str, Whole]], sales: Mapping[str, Sales]) -> None:
    rows = [_row(night, agency, whole, sales.get(agency)) for agency, whole in some]
    new = insert(AgencyRating)
    changed = {name: new.excluded[name] for name in rows[0] if name not in ("agency_id", "night")}
    session().execute(new.on_conflict_do_update(index_elements=["agency_id", "night"], set_=changed), rows)
    for agency, whole in some:
        actions.follow_record(UUID(agency), _GRADES[whole.rating.grade], round(whole.rating.score, 1))


def _row(night: date, agency: str, whole: Whole, sales: Sales | None) -> dict[str, Any]:
    found = whole.rating
    low, high = found.interval
    return {
        "agency_id": UUID(agency),
        "night": night,
        "at": clock.now(),
        "score": found.score,
        "grade": _GRADES[found.grade],
        "expected_fault": found.expected_fault,
        "low": low,
        "high": high,
        "leads": found.leads,
        "faults": found.bad,
        "buyers": found.buyers,
        "came": found.faults.came,
        "expected": found.faults.expected,
        "usual": found.usual,
        "cautious": (100 - found.score) / 100 / found.usual if found.usual else 0.0,
        "channels": [{"channel": name, **_told(each)} for name, each in sorted(whole.channels.items())],
        "ways": _named(whole.ways.to_json()) if whole.ways else None,
        "sales": sales.to_json() if sales else None,
    }


def _told(found: Rating) -> dict[str, Any]:
    """A channel's rating with what was to be expected of it, without the newcomer's start."""
    return {**found.to_json(), "grade": _GRADES[found.grade], "usual_faults": round(found.usual * found.leads, 2)}


def _named(told: dict[str, Any]) -> dict[str, Any]:
    """The same with the grade of a newcomer as it is stored everywhere."""
    without = told["without"]
    if without and without["grade"] == rating.Grade.NEW:
        without["grade"] = Grade.NEW.value
    return told


def _ringing(
    matured: Matured, expectation: Expectation, quiet: Mapping[tuple[str, str], float], since: float
) -> dict[tuple[str, str], Running]:
    """The channels whose running sum has reached the alarm since then; each begins anew when its last alarm ended."""
    running: dict[tuple[str, str], Running] = {}
    for each, at in zip(matured.faults, matured.matured, strict=True):
        key = each.agency, each.channel
        if at <= quiet.get(key, 0.0):
            continue
        mine = running.get(key) or running.setdefault(key, Running())
        if not mine.rings:
            mine.add(each.fault, expectation.of(each.vertical, each.channel, each.buyer)[0])
            mine.rings = at > since and rating.alarm.is_alarm(mine.level)
    return {key: mine for key, mine in running.items() if mine.rings}


def _ring(some: Sequence[tuple[tuple[str, str], Running]]) -> None:
    for (agency, channel), mine in some:
        expected = mine.expected / mine.leads
        alarms.ring(UUID(agency), channel, level=mine.level, expected=expected, leads=mine.leads)
