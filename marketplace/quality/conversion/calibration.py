"""From a model's log-odds to a probability that keeps its word: Platt's line, or isotonic steps, or nothing."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.quality.measures import expit
from marketplace.quality.solvers import isotonic, straight_line

PLATT_FROM = 300
ISOTONIC_FROM = 1000
_OWN = 0.001  # keeps the order of leads on one level step


@dataclass(frozen=True, slots=True)
class Line:
    """Platt's line over the log-odds; slope 1 and level 0 change nothing."""

    slope: float = 1.0
    level: float = 0.0

    def probability(self, logit: float) -> float:
        return expit(self.slope * logit + self.level)

    def to_json(self) -> dict[str, Any]:
        return {"kind": "line", "slope": self.slope, "level": self.level}


@dataclass(frozen=True, slots=True)
class Steps:
    """Corners of a never-falling curve from log-odds to probability, straight between them.

    A thousandth of the model's own probability is mixed in, so that no two leads that it ranks become equal.
    """

    logits: tuple[float, ...]
    chances: tuple[float, ...]

    def probability(self, logit: float) -> float:
        return (1 - _OWN) * self._step(logit) + _OWN * expit(logit)

    def _step(self, logit: float) -> float:
        place = bisect_right(self.logits, logit)
        if place == 0 or place == len(self.logits):
            return self.chances[min(place, len(self.logits) - 1)]
        left, right = self.logits[place - 1], self.logits[place]
        low, high = self.chances[place - 1], self.chances[place]
        return low + (high - low) * (logit - left) / (right - left)

    def to_json(self) -> dict[str, Any]:
        return {"kind": "steps", "logits": list(self.logits), "chances": list(self.chances)}


Calibration = Line | Steps


def calibration_from(stored: dict[str, Any]) -> Calibration:
    """What `to_json` gave."""
    if stored["kind"] == "steps":
        return Steps(tuple(stored["logits"]), tuple(stored["chances"]))
    return Line(stored["slope"], stored["level"])


def fit_calibration(
    logits: Sequence[float], outcomes: Sequence[int], weights: Sequence[float] | None = None
) -> Calibration:
    """What so many outcomes can carry: nothing below 300, a line below 1,000, then steps.

    A line that falls is never taken. No step promises 0 or 1: the ends are kept half an outcome away.
    """
    if len(outcomes) < PLATT_FROM or min(logits) == max(logits):
        return Line()
    if len(outcomes) < ISOTONIC_FROM:
        slope, level = straight_line(logits, outcomes, weights)
        return Line(slope, level) if slope > 0 else Line()
    corners, chances = isotonic(logits, outcomes, weights)
    least = 0.5 / len(outcomes)
    return Steps(tuple(corners), tuple(min(1 - least, max(least, chance)) for chance in chances))
