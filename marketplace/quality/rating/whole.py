"""Everything that one night finds out about an agency, in one pass over the outcomes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.quality.rating.expectation import Expectation
from marketplace.quality.rating.outcomes import Outcomes
from marketplace.quality.rating.rate import Groups, Rating, capped, merged, rating_of, summed
from marketplace.quality.rating.score import PRIOR_LEADS, Ratio, ratio
from marketplace.quality.rating.ways import Ways, ways

#: an agency has never so many channels that matter
_MOST_CHANNELS = 50


@dataclass(frozen=True, slots=True)
class Whole:
    """An agency's rating, that of each of its channels, and what would make it better."""

    rating: Rating
    channels: Mapping[str, Rating]
    ways: Ways | None


def rate_whole(outcomes: Outcomes, expectation: Expectation, prior_leads: float = PRIOR_LEADS) -> dict[str, Whole]:
    """The same ratings as `rate` and `rate_channels` give."""
    by_agency: dict[str, dict[str, Groups]] = defaultdict(dict)
    for (agency, channel), groups in summed(outcomes, expectation, lambda each: (each.agency, each.channel)).items():
        by_agency[agency][channel] = groups
    return {agency: _whole(channels, prior_leads) for agency, channels in by_agency.items()}


def _whole(channels: Mapping[str, Groups], prior_leads: float) -> Whole:
    groups = merged(channels.values())
    found = rating_of(groups, prior_leads)
    parts = {name: rating_of(part, prior_leads) for name, part in channels.items()}
    worst = sorted(parts, key=lambda name: parts[name].bad - parts[name].usual * parts[name].leads, reverse=True)
    rest = worst[1:_MOST_CHANNELS]
    without = rating_of(merged(channels[name] for name in rest), prior_leads) if rest and parts[worst[0]].bad else None
    return Whole(found, parts, ways(found, capped(groups), prior_leads, (worst[0], without) if without else None))


@dataclass(frozen=True, slots=True)
class Sales:
    """How many leads became customers, beside how many would have of leads like these. Never part of the fault score.

    Attributes:
        leads: how many were counted.
        won: how many of them became customers.
        expected: how many would have at any agency.
    """

    against: Ratio
    leads: int
    won: int
    expected: float

    def to_json(self) -> dict[str, Any]:
        low, high = self.against.interval
        return {
            "ratio": round(self.against.value, 3),
            "interval": [round(low, 3), round(high, 3)],
            "n": self.leads,
            "won": self.won,
            "expected": round(self.expected, 2),
        }


def rate_sales(outcomes: Outcomes) -> dict[str, Sales]:
    """Sales against what was to be expected. outcomes: `fault` says that it was won, `expected` is its chance."""
    found = summed(outcomes, Expectation(), lambda each: each.agency)
    return {agency: _sales(groups) for agency, groups in found.items()}


def _sales(groups: Groups) -> Sales:
    total = capped(groups)
    return Sales(ratio(total.came, total.expected, prior_ratio=1.0), total.leads, total.bad, total.expected)
