"""How often a lead of a trade has become a sale 90 days after it was bought, from what buyers reported."""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.facts import SoldLead, Stage
from marketplace.quality.under_reporting import FEWEST_DAYS

#: below so many leads of known end nothing is said (policy)
FEWEST = 30
_QUANTILE = 1.2816  # of the normal, for 80 %


@dataclass(frozen=True, slots=True)
class Chance:
    """A share 0..1 with the interval in which it lies with 80 %, of how many leads."""

    rate: float
    low: float
    high: float
    leads: int


def chance_of(vertical: str) -> Chance | None:
    """Of leads bought at least 90 days ago of which the buyer said anything; None below 30 of them."""
    until = clock.now() - timedelta(days=FEWEST_DAYS)
    told = (SoldLead.vertical == vertical, SoldLead.placed_at <= until, SoldLead.stage != Stage.NEW)
    won = SoldLead.won_at <= SoldLead.placed_at + timedelta(days=FEWEST_DAYS)
    leads, sales = session().execute(select(func.count(), func.count().filter(won)).where(*told)).one()
    return wilson(sales, leads) if leads >= FEWEST else None


def wilson(hits: int, trials: int) -> Chance:
    """The share with its 80 % score interval (Wilson 1927); it never reaches 0 from above, so a price can be made."""
    rate, square = hits / trials, _QUANTILE**2
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    reach = _QUANTILE / (1 + square / trials) * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    return Chance(rate, max(0.0, middle - reach), min(1.0, middle + reach), trials)
