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
        bad: how many of them were at fault.
        recent: how many of them matured in the last 28 days.
    """

    score: float
    grade: Grade
    faults: Ratio
    usual: float
    leads: int
    buyers: int
    bad: int = 0
    recent: int = 0

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
            "faults": self.bad,
            "came": self.faults.came,
            "expected": self.faults.expected,
            "usual": self.usual,
        }


@dataclass(slots=True)
class Sums:
    """Of leads to one group of buyers: their weights, and what those weigh of faults, of e and of e0."""

    weight: float = 0.0
    came: float = 0.0
    expected: float = 0.0
    usual: float = 0.0
    leads: int = 0
    bad: int = 0
    recent: int = 0

    def add(self, other: "Sums", scale: float = 1.0) -> None:
        """Take others in; what is counted is counted in full, what is weighed at this scale."""
        self.weight += scale * other.weight
        self.came += scale * other.came
        self.expected += scale * other.expected
        self.usual += scale * other.usual
        self.leads += other.leads
        self.bad += other.bad
        self.recent += other.recent


#: by the group of linked buyers
Groups = Mapping[str, Sums]
Key = Callable[[Outcome], Any]
RECENT_DAYS = 28


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
    return rating_of({}, PRIOR_LEADS, usual)


def merged(parts: Iterable[Groups]) -> Groups:
    """The groups of several channels as those of the whole."""
    found: dict[str, Sums] = defaultdict(Sums)
    for part in parts:
        for buyer, sums in part.items():
            found[buyer].add(sums)
    return found


def summed(outcomes: Outcomes, expectation: Expectation, key: Key) -> Mapping[Any, Groups]:
    """What the leads of each key weigh, by groups of linked buyers."""
    found: dict[Any, dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
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
        mine.bad += each.fault
        mine.recent += each.age_days <= RECENT_DAYS
    return found


def capped(groups: Groups) -> Sums:
    """All groups together, none of them with more than its share of the weight."""
    most, total = cap([each.weight for each in groups.values()]), Sums()
    for each in groups.values():
        total.add(each, min(1.0, most / each.weight) if each.weight else 0.0)
    return total


def rating_of(groups: Groups, prior_leads: float = PRIOR_LEADS, usual: float = USUAL_FAULT) -> Rating:
    """The rating of leads that are summed. usual: the share of faults of an ordinary agency where there is no lead."""
    total = capped(groups)
    faults = ratio(total.came, total.expected, prior_leads=prior_leads)
    mean = total.usual / total.weight if total.weight else usual
    found = score(faults, mean)
    earned = grade(found, leads=total.leads, buyers=len(groups))
    return Rating(found, earned, faults, mean, total.leads, len(groups), total.bad, total.recent)


def _rated(outcomes: Outcomes, expectation: Expectation | None, prior_leads: float, key: Key) -> dict[Any, Rating]:
    known = expectation or learn_expectation(outcomes)
    return {name: rating_of(groups, prior_leads) for name, groups in summed(outcomes, known, key).items()}
