"""The nightly rating of every agency, from the outcomes of its leads alone, in whatever order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.quality.rating.expectation import USUAL_FAULT, Expectation, learn_expectation
from marketplace.quality.rating.outcomes import Outcome, Outcomes
from marketplace.quality.rating.score import PRIOR_LEADS, Grade, Ratio, grade, ratio, score
from marketplace.quality.rating.weights import cap, decay


@dataclass(frozen=True, slots=True)
class Rating:
    """How an agency stands.

    Attributes:
        faults: what came against what was expected.
        usual: the share of faults that its mix of leads would have from an ordinary agency.
        leads: how many have matured, each counted once whatever its weight.
        buyers: how many unlinked buyers they went to.
    """

    score: float
    grade: Grade
    faults: Ratio
    usual: float
    leads: int
    buyers: int

    @property
    def expected_fault(self) -> float:
        """The share of its leads that will be at fault."""
        return min(1.0, self.usual * self.faults.value)

    @property
    def interval(self) -> tuple[float, float]:
        """80 % of the time that share lies between these."""
        low, high = self.faults.interval
        return min(1.0, self.usual * low), min(1.0, self.usual * high)

    def to_json(self) -> dict[str, Any]:
        """As the contract has it, with what is needed to count it again."""
        low, high = self.interval
        return {
            "score": round(self.score, 1),
            "grade": self.grade.value,
            "expected_fault": round(self.expected_fault, 4),
            "interval": [round(low, 4), round(high, 4)],
            "n": self.leads,
            "buyers": self.buyers,
            "came": self.faults.came,
            "expected": self.faults.expected,
            "usual": self.usual,
        }


@dataclass(slots=True)
class _Sums:
    """Of one agency's leads to one group of buyers."""

    weight: float = 0.0
    came: float = 0.0
    expected: float = 0.0
    usual: float = 0.0
    leads: int = 0


Key = Callable[[Outcome], Any]


def rate(
    outcomes: Outcomes, expectation: Expectation | None = None, *, prior_leads: float = PRIOR_LEADS
) -> dict[str, Rating]:
    """Each agency's rating. expectation: learned from the same outcomes when it is not given."""
    return _rated(outcomes, expectation, prior_leads, lambda each: each.agency)


def rate_channels(
    outcomes: Outcomes, expectation: Expectation | None = None, *, prior_leads: float = PRIOR_LEADS
) -> dict[tuple[str, str], Rating]:
    """The same for each channel of each agency."""
    return _rated(outcomes, expectation, prior_leads, lambda each: (each.agency, each.channel))


def newcomer(usual: float = USUAL_FAULT) -> Rating:
    """An agency of which nothing is known."""
    return _rating((), PRIOR_LEADS, usual)


def _rated(outcomes: Outcomes, expectation: Expectation | None, prior_leads: float, key: Key) -> dict[Any, Rating]:
    known = expectation or learn_expectation(outcomes)
    sums = _summed(outcomes, known, key)
    return {name: _rating(groups.values(), prior_leads, USUAL_FAULT) for name, groups in sums.items()}


def _summed(outcomes: Outcomes, expectation: Expectation, key: Key) -> Mapping[Any, Mapping[str, _Sums]]:
    found: dict[Any, dict[str, _Sums]] = defaultdict(lambda: defaultdict(_Sums))
    for each in outcomes:
        e, e0 = expectation.of(each.vertical, each.channel, each.buyer)
        if each.expected is not None:
            e = e0 = each.expected
        weight = decay(each.age_days)
        mine = found[key(each)][outcomes.group_of(each.buyer)]
        mine.weight += weight
        mine.came += weight * each.fault
        mine.expected += weight * e
        mine.usual += weight * e0
        mine.leads += 1
    return found


def _rating(groups: Iterable[_Sums], prior_leads: float, usual: float) -> Rating:
    kept = list(groups)
    most = cap([each.weight for each in kept])
    came = expected = usuals = total = 0.0
    for each in kept:
        scale = min(1.0, most / each.weight) if each.weight else 0.0
        came += scale * each.came
        expected += scale * each.expected
        usuals += scale * each.usual
        total += scale * each.weight
    faults = ratio(came, expected, prior_leads=prior_leads)
    mean = usuals / total if total else usual
    found = score(faults, mean)
    leads = sum(each.leads for each in kept)
    return Rating(found, grade(found, leads=leads, buyers=len(kept)), faults, mean, leads, len(kept))
