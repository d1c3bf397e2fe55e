"""Shares and medians as they are told: with their 80 % interval and of how many they speak."""

import math
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func

from marketplace.quality.measures import QUANTILE_80, Share

#: below so many a median says nothing
FEWEST = 5


def share(hits: int, count: int) -> dict[str, Any]:
    """`hits` of `count` as a share 0..1; None where there are none."""
    found = Share.of(hits, count)
    if found is None:
        return {"share": None, "interval": None, "hits": 0, "count": 0}
    return {"share": found.rate, "interval": [found.low, found.high], "hits": hits, "count": count}


def median_columns(took: ColumnElement[Any], count: int) -> list[ColumnElement[Any]]:
    """Median of so many intervals of time with the two order statistics that hold it with 80 %; read by `median`.

    Ranks n/2 -+ 1.2816 * sqrt(n)/2 of a binomial (Conover, Practical Nonparametric Statistics).
    """
    reach = min(0.5, QUANTILE_80 / 2 / math.sqrt(max(1, count)))
    at = [0.5, 0.5 - reach, 0.5 + reach]
    return [func.percentile_cont(each).within_group(took) for each in at]


def median(count: int, *found: timedelta | None) -> dict[str, Any]:
    """A median in hours, None below 5 of them. found: what `median_columns` gave."""
    told = [round(each.total_seconds() / 3600, 2) for each in found if each is not None]
    if count < FEWEST or len(told) < len(found):
        return {"median_hours": None, "interval": None, "count": count}
    return {"median_hours": told[0], "interval": told[1:] or None, "count": count}
