"""A price to suggest: the vertical's own prices times what is known about the lead, each factor in words.

Amounts are minor units of one currency throughout. It is advice: the agency sets its price.
"""

import math
from dataclasses import dataclass

from marketplace.catalog.visibility import FRESH_HALF_H
from marketplace.kit.i18n import gettext as _
from marketplace.quality.under_reporting import closed_by

_PRIOR_PRICES = 10.0  # as many prices as the whole vertical weighs beside a region's own
_USUAL_SPREAD = 0.5  # of the log price, before there are prices
_QUALITY_POWER, _QUALITY_LEAST, _QUALITY_MOST = 0.7, 0.25, 4.0
_SHARED_TOP, _SHARED_LEAST = 0.8, 0.3
_FRESH_REST = 0.3
_VOLUME_FROM, _PER_DOUBLING, _MOST_OFF = 50, 0.03, 0.15
_COMPETITION_POWER, _COMPETITION_LEAST, _COMPETITION_MOST = 0.25, 0.8, 1.25  # POLICY
_CLASS_MOST = math.log(2)  # POLICY: no class of leads is worth more than twice the usual one, or less than half
_QUANTILE = 1.2816  # of the normal, for 80 %
_RISK = 1.15
_SALES_DAYS = 90


@dataclass(frozen=True, slots=True)
class Base:
    """The usual price of a vertical in a region: its logarithm, the spread of single prices, how many there were."""

    log_price: float
    spread: float
    count: int


@dataclass(frozen=True, slots=True)
class Factor:
    """One part of a price; 1 changes nothing."""

    name: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Qualified:
    """How far the persons are: the logarithm of what such leads are paid against usual ones, and on what it rests."""

    log_ratio: float
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A price with the interval in which 80 % of such prices lie, and why."""

    price: int
    low: int
    high: int
    factors: tuple[Factor, ...]
    prices_seen: int


def drawn(own: float, count: int, middle: float, squares: float, whole: int) -> Base:
    """The usual price of a region, drawn to its vertical's where it has few prices of its own; all of logarithms.

    Args:
        own, count: the region's median, and of how many prices.
        middle, squares, whole: the vertical's median, the sum of squares about it, and of how many prices.
    """
    log_price = (count * own + _PRIOR_PRICES * middle) / (count + _PRIOR_PRICES)
    spread = math.sqrt((squares + _PRIOR_PRICES * _USUAL_SPREAD**2) / (whole + _PRIOR_PRICES))
    return Base(log_price, spread, count)


def drawn_class(own: float, count: int) -> float:
    """The log ratio of a class of leads to the usual lead, drawn to 0 as if ten usual prices were of the class.

    own: the median of the logarithms of its prices less the trade's median; count: of how many.
    """
    return max(-_CLASS_MOST, min(_CLASS_MOST, count * own / (count + _PRIOR_PRICES)))


def default_base(price: int) -> Base:
    """A printed price, before anything was sold: nobody knows yet how far single prices lie from it."""
    return Base(math.log(price), _USUAL_SPREAD, 0)


def suggest(
    base: Base,
    *,
    quality: float,
    buyers: int,
    age_hours: float,
    volume: int,
    orders_per_lead: float | None,
    qualified: Qualified | None = None,
) -> Suggestion:
    """The price of one lead.

    Args:
        quality: expected worth against the vertical's usual lead, 1 is usual.
        buyers: how many may buy it; 1 is exclusive.
        age_hours: since the person asked.
        volume: how many the buyer takes in a month.
        orders_per_lead: how many want such a lead, for each that is on sale; None when nobody counted.
        qualified: how far the persons are; None when nothing is known of that, and then it is no factor.
    """
    factors = (
        _quality(quality),
        _exclusivity(buyers),
        _freshness(age_hours),
        _volume(volume),
        _competition(orders_per_lead),
        *_qualification(qualified),
    )
    middle = base.log_price + sum(math.log(factor.value) for factor in factors)
    reach = _QUANTILE * base.spread
    low, price, high = (max(1, _rounded(math.exp(each))) for each in (middle - reach, middle, middle + reach))
    return Suggestion(price, low, high, factors, base.count)


def commission(lead_price: int, p_convert: float, *, already_sold: bool = False) -> int | None:
    """What a sale must pay so that a lead paid by its sale earns 15 % more than one paid at once, for the risk.

    None when a sale is too unlikely for any such price.

    Args:
        already_sold: `p_convert` is the share that has been sold after 90 days, not the share that ever is.
    """
    chance = p_convert if already_sold else p_convert * closed_by(_SALES_DAYS)
    return _rounded(lead_price * _RISK / chance) if chance > 0 else None


def after_refunds(price: int, refund_rate: float) -> int:
    """What a buyer pays for a lead on average, as a share of them is refunded."""
    return _rounded(price * (1 - min(1.0, max(0.0, refund_rate))))


def _quality(quality: float) -> Factor:
    kept = min(_QUALITY_MOST, max(_QUALITY_LEAST, quality))
    value = kept**_QUALITY_POWER
    return Factor("quality", value, str(_("worth %(times)s times the usual lead", times=f"{kept:.2g}")))


def _exclusivity(buyers: int) -> Factor:
    if buyers <= 1:
        return Factor("exclusivity", 1.0, str(_("sold to one buyer only")))
    value = max(_SHARED_LEAST, _SHARED_TOP / math.sqrt(buyers))
    return Factor("exclusivity", value, str(_("shared by up to %(buyers)s buyers", buyers=buyers)))


def _freshness(age_hours: float) -> Factor:
    hours = max(0.0, age_hours)
    value = _FRESH_REST + (1 - _FRESH_REST) * 2 ** (-hours / FRESH_HALF_H)
    return Factor("freshness", value, str(_("%(hours)s hours old", hours=f"{hours:.0f}")))


def _volume(volume: int) -> Factor:
    doublings = math.log2(volume / _VOLUME_FROM) if volume > _VOLUME_FROM else 0.0
    value = 1 - min(_MOST_OFF, _PER_DOUBLING * doublings)
    return Factor("volume", value, str(_("%(volume)s leads a month", volume=volume)))


def _competition(orders_per_lead: float | None) -> Factor:
    if orders_per_lead is None:
        return Factor("competition", 1.0, str(_("not counted yet")))
    raw = max(0.0, orders_per_lead) ** _COMPETITION_POWER
    value = min(_COMPETITION_MOST, max(_COMPETITION_LEAST, raw))
    return Factor(
        "competition", value, str(_("%(orders)s wanted in a week for each on sale", orders=f"{orders_per_lead:.1f}"))
    )


def _qualification(qualified: Qualified | None) -> list[Factor]:
    return [Factor("qualification", math.exp(qualified.log_ratio), qualified.words)] if qualified else []


def _rounded(amount: float) -> int:
    """Half up, as everywhere with money."""
    return math.floor(amount + 0.5)
