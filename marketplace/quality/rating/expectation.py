"""How many faults a lead would have had from an ordinary agency: some verticals, channels and buyers complain more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marketplace.quality.measures import expit
from marketplace.quality.rating.outcomes import Outcomes
from marketplace.quality.solvers import Sparse, ridge_logistic

USUAL_FAULT = 0.08
LEARN_FROM = 2000
#: how far each may move the log-odds, before the data speak louder
SCALES = {"vertical": 0.4, "channel": 0.6, "buyer": 0.8, "agency": 0.9}


@dataclass(frozen=True)
class Expectation:
    """Log-odds of a fault: a level and what each vertical, channel and buyer adds. The agency's own part is left out.

    Without terms every lead is expected to fail with `USUAL_FAULT`.
    """

    level: float | None = None
    verticals: Mapping[str, float] = field(default_factory=dict)
    channels: Mapping[str, float] = field(default_factory=dict)
    buyers: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], tuple[float, float]]:
        return {}

    def of(self, vertical: str, channel: str, buyer: str) -> tuple[float, float]:
        """E and e0: the chance of a fault with this buyer, and with one who complains like most."""
        if self.level is None:
            return USUAL_FAULT, USUAL_FAULT
        key = (vertical, channel, buyer)
        found = self._known.get(key)
        if found is None:
            base = self.level + self.verticals.get(vertical, 0.0) + self.channels.get(channel, 0.0)
            found = self._known[key] = expit(base + self.buyers.get(buyer, 0.0)), expit(base)
        return found

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `Expectation(**stored)` gives an equal one back."""
        terms = {name: dict(getattr(self, name)) for name in ("verticals", "channels", "buyers")}
        return {"level": self.level, **terms}


def learn_expectation(outcomes: Outcomes) -> Expectation:
    """From all matured outcomes of the exchange; below 2,000 of them, or with no fault at all, nothing is learned."""
    if len(outcomes) < LEARN_FROM or not 0 < sum(outcomes.faults) < len(outcomes):
        return Expectation()
    columns = (outcomes.verticals, outcomes.channels, outcomes.buyers, outcomes.agencies)
    counts = Counter(zip(*columns, outcomes.faults, strict=True))  # equal leads are one row with a weight
    places, scales = _places(columns)
    matrix = Sparse(len(scales))
    for key in counts:
        for kind, name in enumerate(key[:-1]):
            place = places[kind][name]
            matrix.columns.append(place)
            matrix.values.append(scales[place])
        matrix.end_row()
    weights = [float(count) for count in counts.values()]
    found, level = ridge_logistic(matrix, [key[-1] for key in counts], weights, c=1.0)
    terms = [{name: found[place] * scales[place] for name, place in each.items()} for each in places]
    return Expectation(level, *terms[:-1])


def _places(columns: Iterable[list[str]]) -> tuple[list[dict[str, int]], list[float]]:
    """Where each name stands, kind by kind, and the scale at each place."""
    places: list[dict[str, int]] = []
    scales: list[float] = []
    for column, scale in zip(columns, SCALES.values(), strict=True):
        names = sorted(set(column))
        places.append({name: len(scales) + number for number, name in enumerate(names)})
        scales += [scale] * len(names)
    return places, scales
