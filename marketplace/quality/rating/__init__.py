"""How an agency is rated: faults that came against faults expected, weighed, capped and with their uncertainty."""

from marketplace.quality.rating import alarm
from marketplace.quality.rating.expectation import USUAL_FAULT, Expectation, learn_expectation
from marketplace.quality.rating.outcomes import Outcome, Outcomes
from marketplace.quality.rating.rate import Rating, newcomer, rate, rate_channels
from marketplace.quality.rating.score import FROM, PRIOR_LEADS, Grade, Ratio, ratio, refit_prior
from marketplace.quality.rating.ways import Ways
from marketplace.quality.rating.whole import Sales, Whole, rate_sales, rate_whole

__all__ = [
    "FROM",
    "PRIOR_LEADS",
    "USUAL_FAULT",
    "Expectation",
    "Grade",
    "Outcome",
    "Outcomes",
    "Rating",
    "Ratio",
    "Sales",
    "Ways",
    "Whole",
    "alarm",
    "learn_expectation",
    "newcomer",
    "rate",
    "rate_channels",
    "rate_sales",
    "rate_whole",
    "ratio",
    "refit_prior",
]
