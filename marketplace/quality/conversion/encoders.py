"""From a column's values to features: one for each frequent value, ten steps and a slope for numbers.

A missing value is a feature of its own: that somebody left a field empty says something, and is never guessed away.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marketplace.quality.conversion.columns import number_of, text_of

FEWEST = 10  # a rarer value goes with the other rare ones
MOST_VALUES = 500
_STEPS = 10
_NUMBERS = 0.95  # the share of values that must be numbers
_DIFFERENT = 10  # so many different numbers are a measure; fewer are codes
_NAMES = 0.5  # more different texts than this share of the rows name things
_TAIL = 0.01

Feature = tuple[int, float]


class Unused(StrEnum):
    """Why a column is left out."""

    EMPTY = "empty"
    CONSTANT = "constant"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Categories:
    """A feature for each value, then one for rare values, then one for missing ones."""

    values: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.values) + 2

    def features(self, raw: object, places: Mapping[str, int]) -> list[Feature]:
        text = text_of(raw)
        if text is None:
            return [(len(self.values) + 1, 1.0)]
        return [(places.get(text, len(self.values)), 1.0)]

    def places(self) -> dict[str, int]:
        return {value: place for place, value in enumerate(self.values)}


@dataclass(frozen=True, slots=True)
class Numbers:
    """A slope over the standardised value, its tails cut; a feature for each step; one for missing values."""

    edges: tuple[float, ...]
    low: float
    high: float
    middle: float
    spread: float

    @property
    def size(self) -> int:
        return len(self.edges) + 3

    def features(self, raw: object, places: Mapping[str, int]) -> list[Feature]:
        del places
        number = number_of(raw)
        if number is None:
            return [(len(self.edges) + 2, 1.0)]
        return [(0, self.standard(number)), (1 + bisect_right(self.edges, number), 1.0)]

    def places(self) -> dict[str, int]:
        return {}

    def standard(self, number: float) -> float:
        return (min(self.high, max(self.low, number)) - self.middle) / self.spread


Encoder = Categories | Numbers


def learn_encoder(values: Sequence[Any]) -> Encoder | Unused:
    """How this column becomes features, or why it is left out."""
    texts = [text for raw in values if (text := text_of(raw)) is not None]
    if not texts:
        return Unused.EMPTY
    counts = Counter(texts)
    if len(counts) == 1 and len(texts) == len(values):
        return Unused.CONSTANT
    numbers = [number for text in texts if (number := number_of(text)) is not None]
    if len(numbers) >= _NUMBERS * len(texts) and len(set(numbers)) > _DIFFERENT:
        return _numbers(sorted(numbers))
    kept = [value for value, count in counts.most_common(MOST_VALUES) if count >= FEWEST]
    if not kept or len(counts) > _NAMES * len(texts):
        return Unused.NAMES
    return Categories(tuple(sorted(kept)))


def _numbers(ordered: Sequence[float]) -> Numbers:
    count = len(ordered)
    edges = sorted({ordered[count * step // _STEPS] for step in range(1, _STEPS)})
    low, high = ordered[int(count * _TAIL)], ordered[min(count - 1, int(count * (1 - _TAIL)))]
    cut = [min(high, max(low, number)) for number in ordered]
    middle = sum(cut) / count
    spread = (sum((number - middle) ** 2 for number in cut) / count) ** 0.5
    return Numbers(tuple(edges), low, high, middle, spread or 1.0)
