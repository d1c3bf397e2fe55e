"""When a model's chances carry a guarantee, and when a lead enters the test."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from marketplace.quality.under_reporting import FEWEST_DAYS, FLAG_AT, RHO_ACT, RHO_WATCH

#: outcomes from which a chance can be calibrated at all, and the slopes within which it is (quality.md, section 1)
FEWEST_OUTCOMES, SLOPES = 300, (0.7, 1.4)
#: a sale of the last day is reported a little later
GRACE = timedelta(days=14)


class Limits(NamedTuple):
    """What the pages say of the test: shares of the expected sales from 0 to 1, its value, and days of a lead."""

    act_below: float
    watch_below: float
    flag_at: float
    counted_after: int


LIMITS = Limits(RHO_ACT, RHO_WATCH, FLAG_AT, FEWEST_DAYS + GRACE.days)


def is_calibrated(trained_on: int | None, measures: Mapping[str, Any] | None) -> bool:
    """Whether a model of conversion said what came, on outcomes that it had not seen."""
    slope = (measures or {}).get("slope")
    if not trained_on or trained_on < FEWEST_OUTCOMES or not isinstance(slope, int | float):
        return False
    return SLOPES[0] <= slope <= SLOPES[1]
