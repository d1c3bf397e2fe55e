"""From weighted faults to a score and a grade: what an agency has done beside what was to be expected of its leads."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.quality.solvers import gamma_quantile

PRIOR_LEADS = 1.5  # a0
PRIOR_RATIO = 1.8  # k0: a newcomer starts pessimistic, which fades
SPREAD = 0.7  # makes the 80 % interval cover 80 %
_LOW, _HIGH = 0.1, 0.9
FEWEST_LEADS, FEWEST_BUYERS, BUYERS_FOR_BEST = 10, 3, 5


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    NEW = "New"


FROM = ((95, Grade.A), (90, Grade.B), (85, Grade.C), (78, Grade.D), (70, Grade.E))


@dataclass(frozen=True, slots=True)
class Ratio:
    """Came against expected, with its uncertainty.

    Attributes:
        came: A, the weighted events and the prior's.
        expected: B, the weighted chances and the prior's; above 0.
    """

    came: float
    expected: float

    @property
    def value(self) -> float:
        """1 is as expected, 2 twice as many."""
        return self.came / self.expected

    @property
    def interval(self) -> tuple[float, float]:
        """80 % of the time the truth lies between."""
        return self.quantile(_LOW), self.quantile(_HIGH)

    def quantile(self, share: float) -> float:
        return gamma_quantile(share, SPREAD * self.came, SPREAD * self.expected)


def ratio(came: float, expected: float, *, prior_leads: float = PRIOR_LEADS, prior_ratio: float = PRIOR_RATIO) -> Ratio:
    """Faults with the defaults; for sales against p_convert a neutral `prior_ratio=1`. Never mix the two."""
    return Ratio(prior_leads * prior_ratio + came, prior_leads + expected)


def score(faults: Ratio, usual: float) -> float:
    """0..100: 100 less the share of faults that one can be 90 % sure is not exceeded.

    usual: the mean e0 of the agency's leads, the faults that its mix of leads would have from an ordinary agency.
    """
    return 100 * (1 - min(1.0, usual * faults.quantile(_HIGH)))


def grade(found: float, *, leads: int, buyers: int) -> Grade:
    """The grade of a score. buyers: unlinked ones; A and B need five of them, any grade three."""
    if leads < FEWEST_LEADS or buyers < FEWEST_BUYERS:
        return Grade.NEW
    earned = next((each for least, each in FROM if found >= least), Grade.F)
    return Grade.C if earned in (Grade.A, Grade.B) and buyers < BUYERS_FOR_BEST else earned


def refit_prior(counts: Iterable[tuple[float, float]]) -> float:
    """a0 anew: how many expected faults the prior should weigh, by the agencies' own spread (negative binomial).

    counts: (faults that came, faults expected) of each agency. Agencies that differ much leave little to a prior.
    """
    known = [(came, expected) for came, expected in counts if expected > 0]
    if not known:
        return PRIOR_LEADS
    mean = sum(came for came, _ in known) / sum(expected for _, expected in known)
    return max(_CHOICES, key=lambda a: sum(_likelihood(came, expected * mean, a) for came, expected in known))


_CHOICES = tuple(0.25 * 1.15**step for step in range(30))  # .25 to 14


def _likelihood(came: float, expected: float, a: float) -> float:
    """The log-likelihood of `came` when its rate is Gamma(a, a) times `expected`, without what does not depend on a."""
    kept = math.lgamma(came + a) - math.lgamma(a) + a * math.log(a)
    return kept - (came + a) * math.log(expected + a) if expected > 0 else 0.0
