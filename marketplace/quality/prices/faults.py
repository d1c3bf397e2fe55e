"""The share of an agency's leads that is expected to be at fault, for advice: with its interval and its count."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.quality.agencies.queries import newest_rating
from marketplace.quality.facts import SoldLead
from marketplace.quality.pricing import after_refunds
from marketplace.quality.rating.expectation import USUAL_FAULT
from marketplace.quality.rating.score import ratio


@dataclass(frozen=True, slots=True)
class Fault:
    """Shares 0..1: 80 % of the time the truth lies from `low` to `high`. `leads` have matured, `faults` were bad."""

    rate: float
    low: float
    high: float
    leads: int
    faults: int

    @property
    def worth(self) -> float:
        """What is good of its leads beside what is good of a usual agency's: 1 is usual."""
        return (1 - self.rate) / (1 - USUAL_FAULT)


def fault_of(agency_id: UUID) -> Fault:
    """What is to be expected of an agency's next lead: as it was rated last night, or from its own facts before.

    Of a newcomer a little more than is usual.
    """
    if rated := newest_rating(agency_id):
        return Fault(rated.expected_fault, rated.low, rated.high, rated.leads, rated.faults)
    matured = (SoldLead.agency_id == agency_id, SoldLead.fault.is_not(None))
    counts = select(func.count(), func.count().filter(SoldLead.fault.is_(True))).where(*matured)
    leads, faults = session().execute(counts).one()
    found = ratio(faults, USUAL_FAULT * leads)
    rate, low, high = (min(1.0, USUAL_FAULT * each) for each in (found.value, *found.interval))
    return Fault(rate, low, high, int(leads), int(faults))


@dataclass(frozen=True, slots=True)
class AfterRefunds:
    """What a lead costs on average once refunds are back, with its 80 % interval, and what that rests on."""

    price: Money
    low: Money
    high: Money
    expected_fault: float
    leads: int


def after_refunds_of(agency_id: UUID, price: Money) -> AfterRefunds:
    """What is to be expected of a lead of this agency at this price."""
    fault = fault_of(agency_id)
    middle, low, high = (
        Money(after_refunds(price.amount, rate), price.currency) for rate in (fault.rate, fault.high, fault.low)
    )
    return AfterRefunds(middle, low, high, fault.rate, fault.leads)
