"""How good probabilities are: ranking, calibration, and how sure one can be of either. All take 0/1 and probabilities.

`weights` stand for unequal chances to be looked at: an audit of 2 % of the sales weighs 50.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.quality.solvers import straight_line

BINS = 10
#: of the normal distribution: 80 % lies within so many standard errors
QUANTILE_80 = 1.2816
_EDGE = 1e-6
_SURE = 1.96
Weights = Sequence[float] | None


class OneOutcome(ValueError):
    """Everything has the same outcome, so nothing can be told apart."""


def expit(logit: float) -> float:
    """The probability of these log-odds; never overflows."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1.0 + odds)


def logit(probability: float) -> float:
    """The log-odds; the ends are kept a millionth away from 0 and 1."""
    kept = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(kept / (1 - kept))


@dataclass(frozen=True, slots=True)
class Bin:
    """One line of a reliability table: what was said of these, and what came."""

    said: float
    came: float
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one model on one set of outcomes.

    Attributes:
        slope: of the outcome over the said log-odds; below 1 the model is too sure, at or below 0 it is worthless.
        auc_error: the standard error of `auc`.
    """

    auc: float
    auc_error: float
    log_loss: float
    brier: float
    ece: float
    slope: float
    rows: int

    @property
    def auc_low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.auc - _SURE * self.auc_error


def wilson(rate: float, count: int) -> tuple[float, float]:
    """The 80 % score interval of a share `rate` (0..1) of so many (Wilson 1927); everything for none."""
    if not count:
        return 0.0, 1.0
    square = QUANTILE_80**2 / count
    middle = (rate + square / 2) / (1 + square)
    reach = QUANTILE_80 / (1 + square) * math.sqrt(rate * (1 - rate) / count + square / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Share:
    """A share 0..1 with the interval in which it lies with 80 %, of how many."""

    rate: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, hits: int, count: int) -> "Share | None":
        """`hits` of `count`; None of none."""
        return cls(hits / count, *wilson(hits / count, count), count) if count else None


def measure(outcomes: Sequence[int], said: Sequence[float], weights: Weights = None) -> Measures:
    """All figures. Raises OneOutcome."""
    area = auc(outcomes, said, weights)
    positives = sum(outcomes)
    slope = 0.0
    if min(said) < max(said):
        slope, _level = straight_line([logit(p) for p in said], outcomes, weights)
    return Measures(
        auc=area,
        auc_error=auc_error(area, positives, len(outcomes) - positives),
        log_loss=log_loss(outcomes, said, weights),
        brier=_mean([(p - y) ** 2 for y, p in zip(outcomes, said, strict=True)], weights),
        ece=ece(reliability(outcomes, said, weights)),
        slope=slope,
        rows=len(outcomes),
    )


def auc(outcomes: Sequence[int], said: Sequence[float], weights: Weights = None) -> float:
    """The chance that one that came was given more than one that did not; equals count half. Raises OneOutcome."""
    rows = sorted(zip(said, outcomes, weights or [1.0] * len(said), strict=True))
    below = pairs = came = 0.0
    start = 0
    while start < len(rows):
        end = start
        yes = no = 0.0
        while end < len(rows) and rows[end][0] == rows[start][0]:
            yes, no = (yes + rows[end][2], no) if rows[end][1] else (yes, no + rows[end][2])
            end += 1
        pairs += yes * (below + no / 2)
        below, came, start = below + no, came + yes, end
    if not came or not below:
        raise OneOutcome
    return pairs / (came * below)


def auc_error(area: float, positives: int, negatives: int) -> float:
    """The standard error of an AUC (Hanley and McNeil 1982)."""
    both_higher, both_lower = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (positives - 1) * (both_higher - area**2) + (negatives - 1) * (both_lower - area**2)
    return math.sqrt(max(0.0, spread) / (positives * negatives))


def log_loss(outcomes: Sequence[int], said: Sequence[float], weights: Weights = None) -> float:
    """The mean surprise, in nats."""
    chances = [p if y else 1 - p for y, p in zip(outcomes, said, strict=True)]
    return _mean([-math.log(max(_EDGE, chance)) for chance in chances], weights)


def reliability(outcomes: Sequence[int], said: Sequence[float], weights: Weights = None) -> list[Bin]:
    """Ten equal steps of probability, each with its count; steps in which nothing lies have a count of 0."""
    sums = [[0.0, 0.0, 0.0, 0.0] for _ in range(BINS)]
    for outcome, p, weight in zip(outcomes, said, weights or [1.0] * len(said), strict=True):
        found = sums[min(BINS - 1, int(p * BINS))]
        found[0] += weight * p
        found[1] += weight * outcome
        found[2] += 1
        found[3] += weight
    return [Bin(p / (w or 1), y / (w or 1), int(n), w) for p, y, n, w in sums]


def ece(table: Sequence[Bin]) -> float:
    """The expected calibration error: the mean distance between said and came over all that was said."""
    total = sum(each.weight for each in table)
    return sum(abs(each.said - each.came) * each.weight for each in table) / (total or 1)


def _mean(values: Sequence[float], weights: Weights) -> float:
    if weights is None:
        return sum(values) / len(values)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
