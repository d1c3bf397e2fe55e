"""How far reviewers agree beyond chance: Cohen's kappa of two, Fleiss' kappa of any number, with 80 % intervals."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from marketplace.quality.measures import QUANTILE_80

_PAIR = 2
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` is 1 for full agreement, 0 for that of chance; None where chance alone would agree always, or of nothing.

    Attributes:
        raw: the plain share of agreement, 0..1; None of nothing.
        low, high: the 80 % interval of kappa.
        count: of cases.
    """

    kappa: float | None
    low: float | None
    high: float | None
    raw: float | None
    count: int


def cohen(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen (1960): observed agreement against that of two reviewers who keep their own habits and do not look."""
    return _with_interval(pairs, _cohen, lambda pair: float(pair[0] == pair[1]))


def fleiss(cases: Sequence[Sequence[Hashable]]) -> Agreement:
    """Fleiss (1971), for cases with at least two ratings each, not always by the same reviewers, nor as many.

    A case's agreement is the share of its pairs of ratings that agree; chance is the squared shares of the categories.
    """
    rated = [ratings for ratings in cases if len(ratings) >= _PAIR]
    return _with_interval(rated, _fleiss, _pairs_that_agree)


def _with_interval(
    items: Sequence[Item],
    kappa_of: Callable[[Sequence[Item]], float | None],
    agreement: Callable[[Item], float],
) -> Agreement:
    """The interval by the jackknife (Tukey 1958): each case left out once."""
    count, kappa = len(items), kappa_of(items)
    raw = sum(agreement(item) for item in items) / count if count else None
    if kappa is None or count < _PAIR:
        return Agreement(kappa, None, None, raw, count)
    others = [kappa_of([*items[:place], *items[place + 1 :]]) for place in range(count)]
    left_out = [kappa if other is None else other for other in others]
    mean = sum(left_out) / count
    error = math.sqrt((count - 1) / count * sum((each - mean) ** 2 for each in left_out))
    reach = QUANTILE_80 * error
    return Agreement(kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach), raw, count)


def _cohen(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    count = len(pairs)
    if not count:
        return None
    first, second = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    by_chance = sum(first[category] * second[category] for category in first) / count**2
    return _beyond(sum(one == other for one, other in pairs) / count, by_chance)


def _fleiss(cases: Sequence[Sequence[Hashable]]) -> float | None:
    ratings = Counter(chain.from_iterable(cases))
    total = sum(ratings.values())
    if not total:
        return None
    by_chance = sum((number / total) ** 2 for number in ratings.values())
    return _beyond(sum(_pairs_that_agree(case) for case in cases) / len(cases), by_chance)


def _pairs_that_agree(case: Sequence[Hashable]) -> float:
    count = len(case)
    return sum(number * (number - 1) for number in Counter(case).values()) / (count * (count - 1))


def _beyond(observed: float, by_chance: float) -> float | None:
    return None if math.isclose(by_chance, 1) else (observed - by_chance) / (1 - by_chance)
