"""What became of sold leads that were given about the same chance of being real."""

from dataclasses import dataclass

from sqlalchemy import func, select

from marketplace.kit.db import session
from marketplace.quality.facts import SoldLead
from marketplace.quality.measures import wilson
from marketplace.quality.scores.models import LeadScore

_NEAR, _NEWEST = 0.02, 5_000


@dataclass(frozen=True, slots=True)
class Alike:
    """Sold leads that were given about the same: how many, how many of them were real, and the 80 % interval."""

    count: int
    real: int
    low: float
    high: float


def alike(p_real: float) -> Alike | None:
    """Of the newest 5,000 sold leads those that were given nearly this chance (2 points more or less)."""
    newest = (
        select(SoldLead.lead_id, SoldLead.fault)
        .where(SoldLead.matured_at.is_not(None))
        .order_by(SoldLead.matured_at.desc())
        .limit(_NEWEST)
        .subquery()
    )
    statement = select(func.count(), func.count().filter(newest.c.fault.is_(False))).select_from(newest)
    near = LeadScore.p_fraud.between(1 - p_real - _NEAR, 1 - p_real + _NEAR)
    count, real = session().execute(statement.join(LeadScore, LeadScore.lead_id == newest.c.lead_id).where(near)).one()
    return Alike(count, real, *wilson(real / count, count)) if count else None
