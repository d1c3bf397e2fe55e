"""Each lead's two chances: that it is real, and that it buys. Given at intake, kept with all that they were made of."""

from marketplace.quality.scores.actions import count, score_anew, score_unscored
from marketplace.quality.scores.models import Kind, LeadScore, ModelState, ScoreModel
from marketplace.quality.scores.queries import Told, decided, told_of
from marketplace.quality.scores.serving import Serving, serving

__all__ = [
    "Kind",
    "LeadScore",
    "ModelState",
    "ScoreModel",
    "Serving",
    "Told",
    "count",
    "decided",
    "score_anew",
    "score_unscored",
    "serving",
    "told_of",
]
