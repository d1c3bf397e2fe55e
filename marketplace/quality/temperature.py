"""How warm the leads of a listing are by what became of them, beside what the agency says.

Of the newest leads of one listing and channel that were sold at least 30 days ago, and of which the buyer said
anything: which share bought, against the trade's. The bounds are POLICY, the interval is of 80 %.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.quality.facts import SoldLead, is_told
from marketplace.quality.measures import wilson

#: two sales out of three come within this time
OLD_ENOUGH = timedelta(days=30)
NEEDED, NEEDED_OF_TRADE = 30, 100
#: hot when surely so many times oftener bought than usual in the trade, cold when surely so much more rarely
HOT, COLD = 1.25, 0.75
#: of 2,000 a share is known to a percent or so
_NEWEST, _NEWEST_OF_TRADE = 1_000, 2_000


class Temperature(StrEnum):
    COLD = "cold"
    WARM = "warm"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of leads like this one.

    Attributes:
        sold, bought: of the newest of the listing and channel, at most 1,000, of which the buyer said anything.
        usual: the share that buys in the trade; None where too few are known.
        temperature: None while there is not enough.
    """

    sold: int
    bought: int
    usual: float | None
    temperature: Temperature | None
    needed: int = NEEDED

    def to_json(self) -> dict[str, Any]:
        """As it is told outside."""
        return {"measured": self.temperature, "sold": self.sold, "bought": self.bought, "needed": self.needed}


def temperature_of(sold: int, bought: int, usual: float | None) -> Temperature | None:
    """The word for these figures, or None where they do not carry one."""
    if sold < NEEDED or usual is None:
        return None
    low, high = wilson(bought / sold, sold)
    if low > HOT * usual:
        return Temperature.HOT
    return Temperature.COLD if high < COLD * usual else Temperature.WARM


def measured_of(lead: Lead) -> Measured:
    """How warm leads of this listing and channel turned out; the lead was found for somebody before."""
    sold, bought = _newest(_NEWEST, SoldLead.listing_id == lead.listing_id, SoldLead.channel == lead.channel)
    usual = _usual(lead.vertical) if sold >= NEEDED else None
    return Measured(sold, bought, usual, temperature_of(sold, bought, usual))


def _usual(vertical: str) -> float | None:
    """The share of sales among the newest matured leads of a trade."""
    sold, bought = _newest(_NEWEST_OF_TRADE, SoldLead.vertical == vertical, SoldLead.matured_at.is_not(None))
    return bought / sold if sold >= NEEDED_OF_TRADE else None


def _newest(most: int, *like_it: ColumnElement[bool]) -> tuple[int, int]:
    """How many of the newest such leads were sold, and bought: old enough, and the buyer said anything of them."""
    told = select(SoldLead.won_at).where(*like_it, is_told(), SoldLead.placed_at <= clock.now() - OLD_ENOUGH)
    newest = told.order_by(SoldLead.placed_at.desc()).limit(most).subquery()
    sold, bought = session().execute(select(func.count(), func.count(newest.c.won_at)).select_from(newest)).one()
    return sold, bought
