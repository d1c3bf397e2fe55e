"""Rows whose outcome is known, put in order and cut into those to learn from and those to judge."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from marketplace.kit.text import fold, listed
from marketplace.leads.reading import decide_order, parse_moment
from marketplace.quality.evaluation.errors import NeverPositive, NoOrder

Rows = Sequence[dict[str, str]]

USUAL_SHARE = 0.75
_UNREAD = -inf
_OPEN = frozenset(listed("|open|new|pending|prospecting|engaging|in progress|working|negotiation|unknown|undecided"))


@dataclass(frozen=True, slots=True)
class Split:
    learned: Rows
    judged: Rows


def is_open(value: str) -> bool:
    """Whether this outcome says that the deal is not over: it is no lost one."""
    return fold(value) in _OPEN


def decided(rows: Rows, target: str, positive: str, negatives: Collection[str] | None = None) -> Rows:
    """Only rows whose outcome is known. negatives: what means no sale; None: everything but open deals.

    Raises NeverPositive.
    """
    values = {row[target] for row in rows}
    wanted = {positive, *(negatives if negatives is not None else (each for each in values if not is_open(each)))}
    if positive not in values:
        raise NeverPositive
    return [row for row in rows if row[target] in wanted]


def in_order(rows: Rows, name: str) -> Rows:
    """By a column of numbers or of moments, of which more than half can be read; what cannot goes first.

    Raises NoOrder.
    """
    keys = _keys([row[name] for row in rows])
    return [rows[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]


def split_in_order(rows: Rows, share: float = USUAL_SHARE) -> Split:
    """The first share is learned from, the rest is judged."""
    cut = round(share * len(rows))
    return Split(rows[:cut], rows[cut:])


def split_at_random(rows: Rows, share: float = USUAL_SHARE, *, seed: int = 1) -> Split:
    chosen = set(random.Random(seed).sample(range(len(rows)), round(share * len(rows))))  # noqa: S311  # no secret
    return Split(
        [row for place, row in enumerate(rows) if place in chosen],
        [row for place, row in enumerate(rows) if place not in chosen],
    )


def _keys(values: Sequence[str]) -> list[float]:
    """Keys that sort as the values mean. Raises NoOrder: the newest part would not be the newest."""
    for read in (_number, _moments_of(values)):
        keys = [read(value) for value in values]
        if sum(key > _UNREAD for key in keys) * 2 > len(keys):
            return keys
    raise NoOrder


def _number(value: str) -> float:
    """What is no number, or none that has a place among the others, is not read."""
    try:
        number = float(value)
    except ValueError:
        return _UNREAD
    return number if isfinite(number) else _UNREAD


def _moments_of(values: Sequence[str]) -> Callable[[str], float]:
    order = decide_order(values, None).order

    def read(value: str) -> float:
        moment = parse_moment(value, order)
        return moment.timestamp() if moment else _UNREAD

    return read
