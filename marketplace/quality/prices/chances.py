"""How often a lead of a trade has become a sale 90 days after it was bought, from what buyers reported."""

from datetime import timedelta

from sqlalchemy import func, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.facts import SoldLead, is_told
from marketplace.quality.measures import Share
from marketplace.quality.under_reporting import FEWEST_DAYS

#: below so many leads of known end nothing is said (policy)
FEWEST = 30


def chance_of(vertical: str) -> Share | None:
    """Of leads bought at least 90 days ago of which the buyer said anything; None below 30 of them."""
    until = clock.now() - timedelta(days=FEWEST_DAYS)
    told = (SoldLead.vertical == vertical, SoldLead.placed_at <= until, is_told())
    won = SoldLead.won_at <= SoldLead.placed_at + timedelta(days=FEWEST_DAYS)
    leads, sales = session().execute(select(func.count(), func.count().filter(won)).where(*told)).one()
    return Share.of(sales, leads) if leads >= FEWEST else None
