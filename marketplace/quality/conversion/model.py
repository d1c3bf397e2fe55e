"""A model that is learned: scores a lead in microseconds without any library, and says exactly why."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marketplace.kit.i18n import gettext as _
from marketplace.quality.conversion.calibration import Calibration, Line, calibration_from
from marketplace.quality.conversion.columns import Row, number_of, text_of

_FORM = 1
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class CategoryPart:
    """What each value of a column adds to the log-odds. `usual`: the mean over the leads it was learned from."""

    column: str
    weights: Mapping[str, float]
    rare: float
    missing: float
    usual: float

    def weigh(self, raw: object) -> float:
        if raw.__class__ is str and (found := self.weights.get(raw)) is not None:  # most are known as they stand
            return found
        text = None if raw is None else text_of(raw)
        return self.missing if text is None else self.weights.get(text, self.rare)

    def to_json(self) -> dict[str, Any]:
        kept = {"weights": dict(self.weights), "rare": self.rare, "missing": self.missing, "usual": self.usual}
        return {"kind": "category", "column": self.column, **kept}


@dataclass(frozen=True, slots=True)
class NumberPart:
    """What a number adds: `slope` a unit from `middle`, between `low` and `high`, and the weight of its step."""

    column: str
    edges: tuple[float, ...]
    steps: tuple[float, ...]
    slope: float
    low: float
    high: float
    middle: float
    missing: float
    usual: float

    def weigh(self, raw: object) -> float:
        number = None if raw is None else number_of(raw)
        if number is None:
            return self.missing
        cut = self.low if number < self.low else self.high if number > self.high else number  # noqa: FURB136  # hot
        return self.slope * (cut - self.middle) + self.steps[bisect_right(self.edges, number)]

    def to_json(self) -> dict[str, Any]:
        kept = {name: getattr(self, name) for name in ("slope", "low", "high", "middle", "missing", "usual")}
        return {
            "kind": "number", "column": self.column, "edges": list(self.edges), "steps": list(self.steps), **kept,
        }  # fmt: skip


Part = CategoryPart | NumberPart


@dataclass(frozen=True, slots=True)
class Reason:
    """One column's share in a score, in log-odds against the usual lead: above 0 it speaks for a sale."""

    column: str
    value: str | None
    points: float

    @property
    def words(self) -> str:
        """For people, in the reader's language."""
        points = f"{self.points:+.2f}"
        if self.value is None:
            return str(_("%(column)s is not given: %(points)s", column=self.column, points=points))
        return str(_("%(column)s is “%(value)s”: %(points)s", column=self.column, value=self.value, points=points))


@dataclass(frozen=True)
class ConversionModel:
    """Everything that a score needs. The same model gives the same lead the same score for ever.

    Attributes:
        level: the log-odds before any column has spoken.
        window: what it was learned from: `rows`, `won`, and `first` and `last` where the caller named them.
    """

    level: float
    parts: Sequence[Part]
    calibration: Calibration
    window: Mapping[str, Any]

    def logit(self, lead: Row) -> float:
        """The log-odds before calibration: the level and what each column adds."""
        total = self.level
        for column, weigh in self._weighers:
            total += weigh(lead.get(column))
        return total

    @cached_property
    def _weighers(self) -> list[tuple[str, Callable[[object], float]]]:
        return [(part.column, part.weigh) for part in self.parts]

    def probability(self, lead: Row) -> float:
        """p_convert, 0..1."""
        return self.calibration.probability(self.logit(lead))

    @property
    def usual_logit(self) -> float:
        """The log-odds of a lead that is usual in every column."""
        return self.level + sum(part.usual for part in self.parts)

    def reasons(self, lead: Row) -> list[Reason]:
        """Each column's share, the largest first; with `usual_logit` they add up to `logit` exactly."""
        found = [
            Reason(part.column, _shown(lead.get(part.column)), part.weigh(lead.get(part.column)) - part.usual)
            for part in self.parts
        ]
        return sorted(found, key=lambda reason: (-abs(reason.points), reason.column))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` gives an equal model back."""
        return {
            "form": _FORM,
            "level": self.level,
            "parts": [part.to_json() for part in self.parts],
            "calibration": self.calibration.to_json(),
            "window": dict(self.window),
        }

    @cached_property
    def version(self) -> str:
        """A fingerprint of the content, to be stored with each score."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def model_from(stored: Mapping[str, Any]) -> ConversionModel:
    """What `to_json` gave. Raises ValueError when a newer form was stored."""
    if stored["form"] != _FORM:
        raise ValueError(f"a model of form {stored['form']}")
    parts = tuple(_part_from(dict(part)) for part in stored["parts"])
    return ConversionModel(stored["level"], parts, calibration_from(stored["calibration"]), dict(stored["window"]))


def plain(level: float = 0.0) -> ConversionModel:
    """A model without columns, for where nothing is learned yet."""
    return ConversionModel(level, (), Line(), {"rows": 0, "won": 0})


def _part_from(stored: dict[str, Any]) -> Part:
    if stored.pop("kind") == "category":
        return CategoryPart(**stored)
    return NumberPart(**{**stored, "edges": tuple(stored["edges"]), "steps": tuple(stored["steps"])})


def _shown(raw: object) -> str | None:
    text = text_of(raw)
    return text if text is None or len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
