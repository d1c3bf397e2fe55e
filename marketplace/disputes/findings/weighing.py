"""What the findings of a dispute add up to, kept with the dispute."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from marketplace.disputes.findings.collecting import case_of, collect
from marketplace.disputes.findings.models import OpinionRow
from marketplace.disputes.findings.queries import findings_of
from marketplace.disputes.findings.sources import Case
from marketplace.disputes.findings.trust import agency_rate, trust_of
from marketplace.disputes.models import Dispute
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.disputes import Evidence, Finding, Found, Opinion, Part, judge

_DAY = timedelta(days=1)
_GROWS = math.log(1.10)
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
#: a double ends a little before 0 and 1
_LEAST = 1e-9
_DIGITS = 4


def weigh(case: Case) -> Opinion:
    """Add up what is known of an open dispute, and keep it."""
    trust, rate = trust_of(case.order.buyer_id), agency_rate(case.order.agency_id)
    opinion = judge(trust.value, rate, found_in(case))
    p_fake = min(max(opinion.probability, _LEAST), 1 - _LEAST)
    values = {
        "p_fake": p_fake,
        "parts": [_part(part) for part in opinion.parts],
        "verdict": opinion.verdict.value,
        "rules": list(opinion.rules),
        "trust": trust.value,
        "trust_upheld": trust.upheld,
        "trust_decided": trust.decided,
        "agency_rate": rate,
        "place": place_of(case.order.price_cents, p_fake, case.dispute.opened_at),
        "version": opinion.version,
        "at": clock.now(),
    }
    row = insert(OpinionRow).values(dispute_id=case.dispute.id, **values)
    session().execute(row.on_conflict_do_update(index_elements=["dispute_id"], set_=values))
    return opinion


def weigh_anew(dispute: Dispute) -> Opinion:
    """Look at our own records and add up what is known now. The dispute is open, and locked or new."""
    case = case_of(dispute)
    collect(case)
    return weigh(case)


def found_in(case: Case) -> list[Finding]:
    """The case's findings as the formula takes them."""
    rows = findings_of(case.dispute)
    return [Finding(Evidence(row.evidence), Found(row.found), row.uploaded) for row in rows]


def leave_queue(dispute: Dispute) -> None:
    """A case that is over waits for nobody; what it added up to stays."""
    session().execute(update(OpinionRow).where(OpinionRow.dispute_id == dispute.id).values(place=None))


def place_of(amount_cents: int, probability: float, opened_at: datetime) -> float:
    """`ln(urgency)` of quality.disputes as of one fixed day: the order of two cases is the same on every day."""
    at_stake = max(amount_cents, 1) * max(min(probability, 1 - probability), _LEAST)
    return math.log(at_stake) - _GROWS * ((opened_at - _BEGINNING) / _DAY)


def _part(part: Part) -> dict[str, Any]:
    return {"rule": str(part.rule), "points": round(part.points, _DIGITS), "found": str(part.found)}
