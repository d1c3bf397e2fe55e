"""Leads that were scored high and did not buy: what they have in common, so that the score can be put right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.quality.conversion.columns import Row, text_of

_TOP = 0.1
_FEWEST = 20  # of a value among the high scores that lost
_HALF = 0.5  # added to each count, so that nothing divides by zero


@dataclass(frozen=True, slots=True)
class FalseHot:
    """A value that stands oftener among the high scores that lost than among those that won.

    Attributes:
        times: how many times oftener.
        lost, won: how many of each had it.
    """

    column: str
    value: str | None
    times: float
    lost: int
    won: int


def false_hot(
    rows: Sequence[Row], won: Sequence[int], said: Sequence[float], columns: Sequence[str], *, most: int = 10
) -> list[FalseHot]:
    """Over the tenth of leads with the highest scores, the values that mislead most first; empty when few lost.

    said: the probability that each was given.
    """
    high = sorted(range(len(rows)), key=lambda place: (-said[place], place))[: max(1, int(len(rows) * _TOP))]
    losers, winners = [place for place in high if not won[place]], [place for place in high if won[place]]
    found = [each for name in columns for each in _of_column(name, rows, losers, winners)]
    return sorted(found, key=lambda each: (-each.times, -each.lost, each.column))[:most]


def _of_column(name: str, rows: Sequence[Row], losers: Sequence[int], winners: Sequence[int]) -> list[FalseHot]:
    lost, won = (Counter(text_of(rows[place].get(name)) for place in each) for each in (losers, winners))
    found = []
    for value, count in lost.items():
        share, other = (count + _HALF) / (len(losers) + 1), (won[value] + _HALF) / (len(winners) + 1)
        if count >= _FEWEST and share > other:
            found.append(FalseHot(name, value, share / other, count, won[value]))
    return found
