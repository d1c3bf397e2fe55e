"""The history of a rating as a line in an SVG: scores upwards, nights to the right, the 80 % interval as a band."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from marketplace.quality.agencies import AgencyRating
from marketplace.quality.rating import FROM

_TOP, _FOOT, _LEFT, _RIGHT = 20.0, 200.0, 30.0, 64.0
_MOST, _LEAST_SHOWN = 100.0, 78.0
_POINTS = 30


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates in a frame of `width` by 230. `lines`: each grade with the height from which it is given."""

    width: int
    band: str
    line: str
    last: tuple[float, float]
    lines: Sequence[tuple[str, float, float]]
    days: Sequence[tuple[float, datetime, str]]
    faults: Sequence[float]

    @property
    def right(self) -> float:
        return self.width - _RIGHT


def thinned(history: Sequence[AgencyRating]) -> Sequence[AgencyRating]:
    """At most some thirty of the nights, always with the first and the newest."""
    step = max(1, -(-len(history) // _POINTS))
    return history[::-1][::step][::-1] if len(history) > _POINTS else history


def chart_of(history: Sequence[AgencyRating], width: int) -> Chart | None:
    """None with fewer than two nights: a line needs two. history: oldest first."""
    shown = thinned(history)
    if len(shown) < 2:  # noqa: PLR2004  # a line
        return None
    lowest = min(_LEAST_SHOWN, *(each.score for each in shown)) - 2
    span = (shown[-1].night - shown[0].night).days or 1

    def x(each: AgencyRating) -> float:
        return round(_LEFT + (width - _RIGHT - _LEFT) * (each.night - shown[0].night).days / span, 1)

    def y(score: float) -> float:
        return round(_TOP + (_FOOT - _TOP) * (_MOST - score) / (_MOST - lowest), 1)

    scores = [(x(each), y(each.score)) for each in shown]
    tops = [(x(each), y(100 * (1 - each.low))) for each in reversed(shown)]
    middle = shown[len(shown) // 2]
    ends = [(shown[0], "start"), (middle, "middle"), (shown[-1], "end")] if len(shown) > _FEW else _both(shown)
    return Chart(
        width=width,
        band=_points([*scores, *tops]),
        line=_points(scores),
        last=scores[-1],
        lines=[(grade.value, float(least), y(least)) for least, grade in FROM if least > lowest],
        days=[(x(each), each.at, anchor) for each, anchor in ends],
        faults=[x(each) for before, each in pairwise(shown) if each.faults > before.faults],
    )


_FEW = 4


def _both(shown: Sequence[AgencyRating]) -> list[tuple[AgencyRating, str]]:
    return [(shown[0], "start"), (shown[-1], "end")]


def _points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in found)
