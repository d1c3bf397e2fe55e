"""A judgement for people: what speaks for a sale and against it, and what was said beside what came."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from marketplace.quality.conversion.columns import Row, number_of, text_of
from marketplace.quality.conversion.encoders import FEWEST
from marketplace.quality.conversion.model import CategoryPart, NumberPart, Part
from marketplace.quality.evaluation.judging import Judgement
from marketplace.quality.measures import BINS, Bin, reliability, wilson


@dataclass(frozen=True, slots=True)
class Sign:
    """One value, or one step of a number, and what it adds to the log-odds against the usual lead.

    Attributes:
        value: the text; "" where the column is empty; None for a number, which lies from `low` to below `high`.
        low, high: None is open-ended.
        count, won: how many of the leads that were learned from have it, and how many of them bought.
    """

    column: str
    value: str | None
    low: float | None
    high: float | None
    points: float
    count: int
    won: int


def signs_of(found: Judgement, learned: Sequence[Row], *, is_shown: Callable[[str], bool]) -> list[Sign]:
    """Everything that stands behind at least ten leads, what adds most first. is_shown: whether a text may be told."""
    signs = [sign for part in found.trained.model.parts for sign in _signs(part, learned, found.won)]
    told = [sign for sign in signs if sign.count >= FEWEST and (not sign.value or is_shown(sign.value))]
    return sorted(told, key=lambda sign: (-sign.points, sign.column))


def steps_of(found: Judgement) -> list[tuple[float, float, Bin, tuple[float, float]]]:
    """The reliability table of the judged leads: from, to, what was found, the 80 % interval of what came."""
    return [
        (place / BINS, (place + 1) / BINS, each, wilson(each.came, each.count))
        for place, each in enumerate(reliability(found.came, found.said))
    ]


def best_fifth(found: Judgement) -> tuple[int, int]:
    """How many leads the fifth with the highest probabilities holds, and how many of them bought."""
    ranked = sorted(zip(found.said, found.came, strict=True), reverse=True)
    best = ranked[: max(1, round(len(ranked) / 5))]
    return len(best), sum(came for _said, came in best)


def _signs(part: Part, rows: Sequence[Row], won: Sequence[int]) -> Iterator[Sign]:
    cells = [(row.get(part.column), came) for row, came in zip(rows, won, strict=True)]
    if isinstance(part, CategoryPart):
        return _of_texts(part, cells)
    return _of_steps(part, cells)


def _of_texts(part: CategoryPart, cells: Sequence[tuple[object, int]]) -> Iterator[Sign]:
    found = [(text_of(raw), came) for raw, came in cells]
    count, won = Counter(value for value, _came in found), Counter(value for value, came in found if came)
    for value in (*part.weights, None):
        points = part.weigh(value) - part.usual
        yield Sign(part.column, value or "", None, None, points, count[value], won[value])


def _of_steps(part: NumberPart, cells: Sequence[tuple[object, int]]) -> Iterator[Sign]:
    steps: dict[int | None, list[tuple[float, int]]] = defaultdict(list)
    for raw, came in cells:
        number = number_of(raw)
        place = None if number is None else bisect_right(part.edges, number)
        steps[place].append((part.weigh(raw) - part.usual, came))
    for place, found in steps.items():
        points, won = sum(each for each, _came in found) / len(found), sum(came for _each, came in found)
        if place is None:
            yield Sign(part.column, "", None, None, points, len(found), won)
        else:
            low, high = [None, *part.edges][place], [*part.edges, None][place]
            yield Sign(part.column, None, low, high, points, len(found), won)
