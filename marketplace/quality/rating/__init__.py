"""How an agency is rated: faults that came against faults expected, weighed, capped and with their uncertainty."""

from marketplace.quality.rating import alarm
from marketplace.quality.rating.expectation import USUAL_FAULT, Expectation, learn_expectation
from marketplace.quality.rating.outcomes import Outcome, Outcomes
from marketplace.quality.rating.rate import Rating, newcomer, rate, rate_channels
from marketplace.quality.rating.score import Grade, Ratio, ratio, refit_prior

__all__ = [
    "USUAL_FAULT",
    "Expectation",
    "Grade",
    "Outcome",
    "Outcomes",
    "Rating",
    "Ratio",
    "alarm",
    "learn_expectation",
    "newcomer",
    "rate",
    "rate_channels",
    "ratio",
    "refit_prior",
]
