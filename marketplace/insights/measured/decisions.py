"""Who decides disputes, how fast, and how often an appeal changes what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from marketplace.disputes import Appeal, Dispute, DisputeState, reviews
from marketplace.disputes.models import AppealState
from marketplace.disputes.verdicts import VerdictRow
from marketplace.insights.measured.shares import median, median_columns, share
from marketplace.kit.db import session

#: by whom a dispute is ended, in the order in which they are told
WAYS = ("facts", "conceded", "silence", "person", "time")
_DECIDED = (DisputeState.UPHELD, DisputeState.PARTLY_UPHELD, DisputeState.REJECTED, DisputeState.CONCEDED)
_TOOK = Dispute.decided_at - Dispute.opened_at


def decisions_since(since: datetime) -> dict[str, Any]:
    """Disputes decided since then: how fast, by whom, with which end; and the appeals that were decided.

    What we said for a buyer, when a batch was voided, is no dispute of anybody.
    """
    ended = (Dispute.decided_at > since, Dispute.state.in_(_DECIDED), ~Dispute.said_for_buyer)
    ways = _ways(ended)
    count = sum(way["upheld"]["count"] for way in ways)
    took = session().execute(select(*median_columns(_TOOK, count)).where(*ended)).one()
    return {
        "time": median(count, *took),
        "ways": ways,
        "second_looks": _second_looks(),
        "overturned": share(sum(way["appeals_won"] for way in ways), sum(way["appeals"] for way in ways)),
    }


def _second_looks() -> dict[str, Any]:
    """How far people agree who decided the same case without knowing of each other."""
    found = reviews.ratings().people
    interval = None if found.low is None else [found.low, found.high]
    return {"count": found.count, "agreed": found.raw, "kappa": found.kappa, "interval": interval}


def _ways(ended: tuple[ColumnElement[bool], ...]) -> list[dict[str, Any]]:
    by = case(
        (Dispute.state == DisputeState.CONCEDED, "conceded"),
        (VerdictRow.by.is_not(None), VerdictRow.by),
        else_="person",
    )
    upheld = func.count().filter(Dispute.refund_percent > 0)
    cases = {
        way: (count, hits, took)
        for way, count, hits, took in session().execute(
            select(by, func.count(), upheld, func.percentile_cont(0.5).within_group(_TOOK))
            .select_from(Dispute)
            .outerjoin(VerdictRow, VerdictRow.dispute_id == Dispute.id)
            .where(*ended)
            .group_by(by)
        )
    }
    appeals = {
        way: (decided, won)
        for way, decided, won in session().execute(
            select(by, func.count(), func.count().filter(Appeal.state == AppealState.WON))
            .select_from(Dispute)
            .join(Appeal, Appeal.dispute_id == Dispute.id)
            .outerjoin(VerdictRow, VerdictRow.dispute_id == Dispute.id)
            .where(*ended, Appeal.state != AppealState.OPEN)
            .group_by(by)
        )
    }
    return [_way(way, *cases.get(way, (0, 0, None)), *appeals.get(way, (0, 0))) for way in WAYS]


def _way(way: str, count: int, upheld: int, took: Any, appeals: int, won: int) -> dict[str, Any]:
    return {
        "by": way,
        "upheld": share(upheld, count),
        "time": median(count, took),
        "appeals": appeals,
        "appeals_won": won,
    }
