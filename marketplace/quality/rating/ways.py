"""What would bring an agency to the next better grade, counted with the very formula of the score."""

import math
from dataclasses import dataclass
from typing import Any

from marketplace.quality.rating.rate import RECENT_DAYS, Rating, Sums
from marketplace.quality.rating.score import BUYERS_FOR_BEST, FEWEST_BUYERS, FEWEST_LEADS, FROM, Grade, ratio, score

MOST_LEADS = 2_000
_LOOK_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Ways:
    """How to get to `goal`.

    Attributes:
        least: the score from which it is given.
        leads, buyers: how many (unlinked) are wanting for it, whatever the score.
        clean: so many leads without a fault would do; None when 2,000 would not.
        pace: leads that mature in a week, as in the last four.
        usual: of 100 more leads with the present share of faults: faults, and the score then.
        without: the channel that costs most, the score and the grade without its leads.
    """

    goal: Grade
    least: float
    leads: int
    buyers: int
    clean: int | None
    pace: float
    usual: tuple[int, float]
    without: tuple[str, float, Grade] | None

    @property
    def weeks(self) -> float | None:
        """How long the clean leads take at this pace."""
        return self.clean / self.pace if self.clean and self.pace else None

    def to_json(self) -> dict[str, Any]:
        return {
            "goal": self.goal.value,
            "least": self.least,
            "leads_wanting": self.leads,
            "buyers_wanting": self.buyers,
            "clean": self.clean,
            "pace": round(self.pace, 2),
            "weeks": None if self.weeks is None else math.ceil(self.weeks),
            "usual": {"leads": _LOOK_AHEAD, "faults": self.usual[0], "score": round(self.usual[1], 1)},
            "without": self.without
            and {"channel": self.without[0], "score": round(self.without[1], 1), "grade": self.without[2].value},
        }


def ways(now: Rating, total: Sums, prior_leads: float, worst: tuple[str, Rating] | None) -> Ways | None:
    """From a rating to the next better one; None for an A.

    total: the capped sums that the rating is made of. worst: the channel that costs most, and the rating without it.
    """
    if now.grade is Grade.A:
        return None
    least, goal = _next(now)
    buyers = BUYERS_FOR_BEST if goal in (Grade.A, Grade.B) else FEWEST_BUYERS
    share = min(1.0, now.bad / now.leads)
    bad = round(_LOOK_AHEAD * share)
    return Ways(
        goal=goal,
        least=least,
        leads=max(0, FEWEST_LEADS - now.leads),
        buyers=max(0, buyers - now.buyers),
        clean=_clean(now, total, prior_leads, least),
        pace=now.recent / (RECENT_DAYS / 7),
        usual=(bad, _score_after(now, total, prior_leads, _LOOK_AHEAD, bad)),
        without=(worst[0], worst[1].score, worst[1].grade) if worst and worst[1].score > now.score else None,
    )


def _next(now: Rating) -> tuple[float, Grade]:
    """The next better grade and where it begins: one that the score gives already and only leads or buyers are wanting
    for, or the next one by score.
    """
    earned = next(((float(least), grade) for least, grade in FROM if now.score >= least), None)
    if earned and earned[1] is not now.grade:
        return earned
    better = [(float(least), grade) for least, grade in FROM if least > now.score]
    return better[-1]


def _clean(now: Rating, total: Sums, prior_leads: float, least: float) -> int | None:
    """The fewest leads without a fault that bring the score there."""
    if _score_after(now, total, prior_leads, 0, 0) >= least:
        return 0
    if _score_after(now, total, prior_leads, MOST_LEADS, 0) < least:
        return None
    too_few, enough = 0, MOST_LEADS
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _score_after(now, total, prior_leads, middle, 0) >= least:
            enough = middle
        else:
            too_few = middle
    return enough


def _score_after(now: Rating, total: Sums, prior_leads: float, leads: int, bad: int) -> float:
    """The score with so many fresh leads more, sold to many buyers, so many of them at fault."""
    return score(ratio(total.came + bad, total.expected + leads * now.usual, prior_leads=prior_leads), now.usual)
