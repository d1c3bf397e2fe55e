"""Learning from one part of the rows and judging the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marketplace.quality.conversion import Column, Leak, Trained, find_leaks, has_signal, train
from marketplace.quality.errors import TooFewOutcomes
from marketplace.quality.evaluation.errors import AllGiveAway, OneOutcomeToJudge, TooFewToLearn
from marketplace.quality.evaluation.rows import Split
from marketplace.quality.measures import Measures, OneOutcome, measure


class Step(StrEnum):
    """What is being done now; each takes seconds."""

    LEAKS = "leaks"
    LEARNING = "learning"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of it. `came` and `said`: the outcome and the probability of each judged lead."""

    trained: Trained
    measures: Measures
    leaks: Sequence[Leak]
    won: Sequence[int]
    came: Sequence[int]
    said: Sequence[float]

    @property
    def is_signal(self) -> bool:
        return has_signal(self.measures)


def judge(
    split: Split,
    target: str,
    positive: str,
    names: Sequence[str],
    *,
    window: Mapping[str, Any],
    told: Callable[[Step], object] | None = None,
) -> Judgement:
    """Refuse columns that give the outcome away, learn from one part, judge the other. Loads heavy libraries.

    Args:
        names: the columns known when the lead came in.
        window: what to remember about where the rows come from.
        told: hears which step begins.

    Raises:
        AllGiveAway, TooFewToLearn, OneOutcomeToJudge.
    """
    tell = told or (lambda _step: None)
    won, came = (_won(rows, target, positive) for rows in (split.learned, split.judged))
    if len(set(came)) < 2:  # noqa: PLR2004  # bought, and not; learning takes a minute, and would come to nothing
        raise OneOutcomeToJudge
    tell(Step.LEAKS)
    leaks = find_leaks(split.learned, won, names)
    columns = [Column(name) for name in names if name not in {leak.column for leak in leaks}]
    if not columns:
        raise AllGiveAway
    tell(Step.LEARNING)
    try:
        trained = train(split.learned, won, columns, window=window)
    except TooFewOutcomes as why:
        raise TooFewToLearn from why
    tell(Step.JUDGING)
    said = [trained.model.probability(row) for row in split.judged]
    try:
        return Judgement(trained, measure(came, said), leaks, won, came, said)
    except (OneOutcome, ValueError) as why:
        raise OneOutcomeToJudge from why


def _won(rows: Sequence[Mapping[str, str]], target: str, positive: str) -> list[int]:
    return [int(row[target] == positive) for row in rows]
