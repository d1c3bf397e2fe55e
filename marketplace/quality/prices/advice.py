"""The price to suggest for an agency's offer: which facts there are, and the formula of `quality.pricing` on them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from marketplace.catalog import Exclusivity, Listing, vertical
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.people import Power, Who
from marketplace.quality.facts import SoldLead
from marketplace.quality.measures import Share
from marketplace.quality.prices.chances import chance_of
from marketplace.quality.prices.classes import ClassMix, classes_of, mix_of, qualified_of
from marketplace.quality.prices.counting import usual_cents
from marketplace.quality.prices.faults import Fault, fault_of
from marketplace.quality.prices.models import Demand, PriceBase, PriceClass
from marketplace.quality.pricing import Base, Suggestion, commission, default_base, suggest

_MOST_PLACES = 8
_VOLUME_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is offered, as far as a price depends on it. `buyers` may buy one lead; 1 is exclusive.

    `qualification` is of all its leads; without it the leads of the listing, or of the agency in the trade, tell.
    """

    vertical: str
    currency: str
    country: str
    buyers: int = 1
    region: str = ""
    qualification: str = ""
    listing_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The usual price in one part of the country, with how many prices it rests on there."""

    region: str
    price: Money
    count: int


@dataclass(frozen=True, slots=True)
class Advice:
    """A price with its interval and all that it rests on.

    Attributes:
        base: the usual price before anything is known of the offer: of the place, or printed where nothing was sold.
        in_place, in_trade: how many kept prices of 90 days the base rests on; 0 of the trade means a printed one.
        fault: what is expected of the agency's leads.
        demand: None until it was counted.
        classes: what leads of each qualification are paid against the usual one; those with kept prices.
        chance: that a lead has become a sale after 90 days; None while too few are known.
        commission, commission_low, commission_high: of each sale, so that it pays for the leads that do not sell.
    """

    offered: Offered
    suggestion: Suggestion
    base: Money
    in_place: int
    in_trade: int
    fault: Fault
    demand: Demand | None
    places: Sequence[Place]
    classes: Sequence[PriceClass]
    chance: Share | None
    counted_at: datetime | None

    @property
    def has_sales(self) -> bool:
        return self.in_trade > 0

    @property
    def price(self) -> Money:
        return self._money(self.suggestion.price)

    @property
    def low(self) -> Money:
        return self._money(self.suggestion.low)

    @property
    def high(self) -> Money:
        return self._money(self.suggestion.high)

    @property
    def commission(self) -> Money | None:
        return self._commission(self.suggestion.price, self.chance.rate if self.chance else 0)

    @property
    def commission_low(self) -> Money | None:
        return self._commission(self.suggestion.price, self.chance.high if self.chance else 0)

    @property
    def commission_high(self) -> Money | None:
        return self._commission(self.suggestion.price, self.chance.low if self.chance else 0)

    def _commission(self, cents: int, sold: float) -> Money | None:
        found = commission(cents, sold, already_sold=True)
        return None if found is None else self._money(found)

    def _money(self, cents: int) -> Money:
        return Money(cents, self.offered.currency)


def offered_by(listing: Listing) -> Offered:
    """What a listing offers."""
    buyers = 1 if listing.exclusivity == Exclusivity.EXCLUSIVE else listing.max_buyers
    return Offered(listing.vertical, listing.currency, listing.default_country, buyers, listing_id=listing.id)


def advise(who: Who, offered: Offered) -> Advice:
    """What an agency might ask for a lead of this kind now. Raises Forbidden, UnknownVertical."""
    who.need(Power.LISTINGS_READ)
    trade = vertical(offered.vertical)
    stored = _base(offered)
    base = (
        Base(stored.log_price, stored.spread, stored.count) if stored else default_base(trade.usual(offered.currency))
    )
    demand, fault = _demand(offered), fault_of(who.org_id)
    classes = classes_of(offered.vertical)
    suggestion = suggest(
        base,
        quality=fault.worth,
        buyers=offered.buyers,
        age_hours=0,
        volume=_volume(who.org_id, offered.vertical),
        orders_per_lead=demand.per_lead if demand else None,
        qualified=qualified_of(_mix(who.org_id, offered), classes) if classes else None,
    )
    return Advice(
        offered=offered,
        suggestion=suggestion,
        base=Money(max(1, round(math.exp(base.log_price))), offered.currency),
        in_place=stored.count if stored and stored.country else 0,
        in_trade=stored.whole if stored else 0,
        fault=fault,
        demand=demand,
        places=_places(offered),
        classes=classes,
        chance=chance_of(offered.vertical),
        counted_at=stored.counted_at if stored else None,
    )


def _mix(agency_id: UUID, offered: Offered) -> ClassMix:
    if offered.qualification:
        return ClassMix({offered.qualification: 1})
    return mix_of(agency_id, offered.vertical, offered.listing_id)


def _base(offered: Offered) -> PriceBase | None:
    """Of the place where there is one, else of the country, else of the trade."""
    places = [(offered.country, offered.region), (offered.country, ""), ("", "")]
    found = (session().get(PriceBase, (offered.vertical, offered.currency, *place)) for place in dict.fromkeys(places))
    return next((base for base in found if base), None)


def _demand(offered: Offered) -> Demand | None:
    places = [(offered.country, offered.region), (offered.country, ""), ("", "")]
    found = (session().get(Demand, (offered.vertical, *place)) for place in dict.fromkeys(places))
    return next((demand for demand in found if demand), None)


def _places(offered: Offered) -> Sequence[Place]:
    """The parts of the country with the most prices, the dearest first."""
    wanted = select(PriceBase).where(
        PriceBase.vertical == offered.vertical,
        PriceBase.currency == offered.currency,
        PriceBase.country == offered.country,
        PriceBase.region != "",
    )
    most = session().scalars(wanted.order_by(PriceBase.count.desc(), PriceBase.region).limit(_MOST_PLACES))
    places = [Place(base.region, Money(usual_cents(base), base.currency), base.count) for base in most]
    return sorted(places, key=lambda place: (-place.price.amount, place.region))


def _volume(agency_id: UUID, trade: str) -> int:
    """How many leads of the trade one of its buyers took from the agency in the last 30 days, on average."""
    since = clock.now() - _VOLUME_DAYS
    sold = select(func.count(), func.count(SoldLead.buyer_id.distinct())).where(
        SoldLead.agency_id == agency_id, SoldLead.vertical == trade, SoldLead.placed_at > since
    )
    leads, buyers = session().execute(sold).one()
    return round(leads / buyers) if buyers else 0
