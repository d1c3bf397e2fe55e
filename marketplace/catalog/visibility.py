"""How a grade moves leads in the catalogue's usual order.

A lead is worth its agency's visibility times its freshness, which halves every 24 hours as it does in a suggested
price. Between two leads only the logarithm counts: log2(visibility) - age / 24 h. So a visibility is a span of time
by which a lead counts as younger than it is, and the order of two leads stays as it is while the clock goes on.
"""

from datetime import timedelta
from math import log2

from marketplace.kit.money import PER_BP

#: freshness halves in so many hours, here and in a suggested price
FRESH_HALF_H = 24
#: what is hardly shown at all counts as this much, so that it has a place too: 159 hours behind
_LEAST_BP = 100


def head_start(visibility_bp: int) -> timedelta:
    """By how much younger a lead counts, in whole seconds; less than nothing makes it older.

    visibility_bp: 10000 = 1.0, for an ordinary agency: nothing. 1.2 is 6.3 hours younger, .3 is 41.7 hours older.
    """
    return timedelta(seconds=round(FRESH_HALF_H * 3600 * log2(max(_LEAST_BP, visibility_bp) / PER_BP)))
