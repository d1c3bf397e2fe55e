"""Leads enter the test of their buyer, each once, and the bets go on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.reporting.models import ReportNight, ReportTest, TestedLead
from marketplace.quality.reporting.rules import GRACE, is_calibrated
from marketplace.quality.under_reporting import FEWEST_DAYS, RHO_ACT, RHO_WATCH, Bet, chance_of_sale

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('report_tests'))")

#: good leads old enough that their listing's time for reports is over, whichever version of its terms they had
_DUE = text("""
SELECT s.order_id, s.buyer_id, age.days AS age_days, score.p_convert, model.trained_on, model.measures,
  s.stage = 'won' AND s.won_at <= s.placed_at + make_interval(days => age.days) AS reported
FROM sold_leads s
CROSS JOIN LATERAL (
  SELECT greatest(:fewest, max((v.terms -> 'commission' ->> 'report_days')::integer)) AS days
  FROM listing_versions v WHERE v.listing_id = s.listing_id
) age
LEFT JOIN lead_scores score ON score.lead_id = s.lead_id
LEFT JOIN score_models model ON model.id = score.convert_model_id
WHERE s.is_per_sale AND s.fault IS FALSE AND s.placed_at <= :until
  AND s.placed_at + make_interval(days => age.days) <= :until
  AND NOT EXISTS (SELECT 1 FROM tested_leads t WHERE t.order_id = s.order_id)
ORDER BY s.placed_at, s.order_id LIMIT :most
""")


def enter_due(most: int) -> int:
    """Let the next leads enter that are old enough; how many there were.

    Records `reports.watched` and `reports.flagged` when a bet first reaches 100.
    """
    session().execute(_LOCK)
    now = clock.now()
    due = session().execute(_DUE, {"until": now - GRACE, "fewest": FEWEST_DAYS, "most": most}).all()
    if not due:
        return 0
    entered = [_entered(row, now) for row in due]
    session().execute(insert(TestedLead), entered)
    by_buyer = sorted(entered, key=lambda row: row["buyer_id"])  # the sort keeps the order of time for each
    for buyer_id, leads in groupby(by_buyer, key=lambda row: row["buyer_id"]):
        _go_on(buyer_id, list(leads), now)
    return len(due)


def restart(buyer_id: UUID) -> None:
    """The flag is cleared: a new test begins, with the leads that enter from now on."""
    session().execute(_LOCK)
    test = session().get_one(ReportTest, buyer_id, populate_existing=True)
    test.watch, test.act = Bet(RHO_WATCH).to_json(), Bet(RHO_ACT).to_json()
    test.leads = test.left_out = test.reported = 0
    test.expected, test.watched_at, test.flagged_at = 0.0, None, None
    test.round += 1


def _entered(row: Any, now: datetime) -> dict[str, Any]:
    known = row.p_convert is not None and is_calibrated(row.trained_on, row.measures)
    return {
        "order_id": row.order_id,
        "buyer_id": row.buyer_id,
        "chance": chance_of_sale(row.p_convert, row.age_days) if known else None,
        "reported": bool(row.reported),
        "age_days": row.age_days,
        "entered_at": now,
    }


def _go_on(buyer_id: UUID, leads: Sequence[dict[str, Any]], now: datetime) -> None:
    test = _test(buyer_id, now)
    counted = [(lead["chance"], lead["reported"]) for lead in leads if lead["chance"] is not None]
    watch, act = _after(test.watching, counted), _after(test.acting, counted)
    test.watch, test.act, test.counted_at = watch.to_json(), act.to_json(), now
    test.leads += len(counted)
    test.left_out += len(leads) - len(counted)
    test.reported += sum(reported for _chance, reported in counted)
    test.expected += sum(chance for chance, _reported in counted)
    if watch.is_flagged and test.watched_at is None:
        test.watched_at = now
        record("reports.watched", buyer_id, by=SYSTEM, leads=test.leads)
    if act.is_flagged and test.flagged_at is None:
        test.flagged_at = now
        record("reports.flagged", buyer_id, by=SYSTEM, leads=test.leads)
    session().flush()
    if counted:
        _keep_night(test, watch, act, now)


def _test(buyer_id: UUID, now: datetime) -> ReportTest:
    test = session().get(ReportTest, buyer_id, populate_existing=True)
    if test is None:
        bets = {"watch": Bet(RHO_WATCH).to_json(), "act": Bet(RHO_ACT).to_json()}
        counts = {"leads": 0, "left_out": 0, "reported": 0, "expected": 0.0, "round": 1}
        test = ReportTest(buyer_id=buyer_id, **bets, **counts, counted_at=now)
        session().add(test)
    return test


def _after(bet: Bet, leads: Iterable[tuple[float, bool]]) -> Bet:
    for chance, reported in leads:
        bet = bet.after(chance, reported=reported)
    return bet


def _keep_night(test: ReportTest, watch: Bet, act: Bet, now: datetime) -> None:
    stood = {
        "round": test.round,
        "leads": test.leads,
        "reported": test.reported,
        "expected": test.expected,
        "e_watch": watch.e_value,
        "e_act": act.e_value,
    }
    row = upsert(ReportNight).values(buyer_id=test.buyer_id, night=now.date(), **stood)
    session().execute(row.on_conflict_do_update(index_elements=["buyer_id", "night"], set_=stood))
