"""How far each side's record speaks for or against a dispute, from those that were decided before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from marketplace.disputes.models import Appeal, Dispute
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.people.models import Grade
from marketplace.quality import disputes as quality
from marketplace.quality.agencies import newest_rating

#: what an agency's share of faults is taken for until it has a rating
USUAL_RATE = 0.10
_LEAST, _MOST_RATE = 0.001, 0.999
_DAY = timedelta(days=1)
#: of older ones, or of still more, nothing is left that would change the figure
_MOST = 500


class Trust(NamedTuple):
    """How far a buyer's word goes, 0..1, and the counts that it comes from."""

    value: float
    upheld: int
    decided: int


def trust_of(buyer_id: UUID) -> Trust:
    """A buyer's trust from its decided disputes as they stand after appeals; a new one has 2/3.

    Upheld is what gave anything back. What was withdrawn, or said for the buyer, counts as nothing.
    """
    now = clock.now()
    decided = [(percent > 0, (now - at) / _DAY) for at, percent in _decided(buyer_id)]
    upheld = sum(was_upheld for was_upheld, _age in decided)
    return Trust(quality.trust(decided), upheld, len(decided))


def agency_rate(agency_id: UUID) -> float:
    """The share of an agency's leads that is expected to be at fault, by its newest rating; a new one has 10 %."""
    rating = newest_rating(agency_id)
    if rating is None or rating.grade == Grade.NEW:
        return USUAL_RATE
    return min(max(rating.expected_fault, _LEAST), _MOST_RATE)


def _decided(buyer_id: UUID) -> Sequence[tuple[datetime, int]]:
    last = (
        select(Appeal.percent_after)
        .where(Appeal.dispute_id == Dispute.id, Appeal.percent_after.is_not(None))
        .order_by(Appeal.decided_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    percent = func.coalesce(last, Dispute.refund_percent)
    mine = select(Dispute.decided_at, percent).where(
        Dispute.buyer_id == buyer_id,
        Dispute.decided_at.is_not(None),
        Dispute.refund_percent.is_not(None),
        ~Dispute.said_for_buyer,
    )
    return [(at, share) for at, share in session().execute(mine.order_by(Dispute.decided_at.desc()).limit(_MOST))]
