"""Does p_convert tell buyers from others on leads that it has not seen? The same for the command and for a page."""

from marketplace.quality.evaluation.errors import (
    AllGiveAway,
    CannotJudge,
    NeverPositive,
    NoOrder,
    OneOutcomeToJudge,
    TooFewToLearn,
)
from marketplace.quality.evaluation.judging import Judgement, Step, judge
from marketplace.quality.evaluation.rows import (
    USUAL_SHARE,
    Rows,
    Split,
    decided,
    in_order,
    is_open,
    split_at_random,
    split_in_order,
)
from marketplace.quality.evaluation.telling import Sign, best_fifth, signs_of, steps_of

__all__ = [
    "USUAL_SHARE",
    "AllGiveAway",
    "CannotJudge",
    "Judgement",
    "NeverPositive",
    "NoOrder",
    "OneOutcomeToJudge",
    "Rows",
    "Sign",
    "Split",
    "Step",
    "TooFewToLearn",
    "best_fifth",
    "decided",
    "in_order",
    "is_open",
    "judge",
    "signs_of",
    "split_at_random",
    "split_in_order",
    "steps_of",
]
