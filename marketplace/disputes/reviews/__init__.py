"""Some decisions are made again by somebody who does not know them: no money moves, and we learn how good we are."""

from marketplace.disputes.reviews.actions import case_open_to, draw, percents_of, review
from marketplace.disputes.reviews.models import BlindReview
from marketplace.disputes.reviews.queries import (
    Ratings,
    case_for,
    count_waiting,
    differences_for,
    evidence_at_decision,
    overturns,
    own_answer,
    ratings,
    returners_for,
    waiting_for,
)

__all__ = [
    "BlindReview",
    "Ratings",
    "case_for",
    "case_open_to",
    "count_waiting",
    "differences_for",
    "draw",
    "evidence_at_decision",
    "overturns",
    "own_answer",
    "percents_of",
    "ratings",
    "returners_for",
    "review",
    "waiting_for",
]
