"""How likely two leads are the same person, from weights that were learned on invented people and are kept here."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.checks.likeness.compare import FEATURES, features, is_household
from marketplace.checks.likeness.person import Person

DUPLICATE_FROM, REVIEW_FROM = 0.9, 0.5
STORED = Path(__file__).with_name("weights.json")


class Likeness(StrEnum):
    DUPLICATE = "duplicate"
    REVIEW = "review"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Matcher:
    """The weights by the name of each feature; `learned_from` says where they come from."""

    level: float
    weights: Mapping[str, float]
    learned_from: Mapping[str, Any]

    def probability(self, one: Person, other: Person) -> float:
        """P(the same person), 0..1. Two people of one household are never taken for one."""
        if is_household(one, other):
            return 0.0
        found = zip(self.weights.values(), features(one, other), strict=True)
        return 1 / (1 + math.exp(-self.level - sum(weight * value for weight, value in found)))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `matcher_from` gives an equal one back."""
        return {"level": self.level, "weights": dict(self.weights), "learned_from": dict(self.learned_from)}


def matcher_from(stored: Mapping[str, Any]) -> Matcher:
    weights = {name: stored["weights"][name] for name in FEATURES}
    return Matcher(stored["level"], weights, stored["learned_from"])


@cache
def stored_matcher() -> Matcher:
    """The one in use."""
    return matcher_from(json.loads(STORED.read_text()))


def likeness(probability: float) -> Likeness:
    """What follows: 90 % is a duplicate, 50 % is looked at by a person."""
    if probability >= DUPLICATE_FROM:
        return Likeness.DUPLICATE
    return Likeness.REVIEW if probability >= REVIEW_FROM else Likeness.OTHER


def as_matcher(coefficients: Sequence[float], level: float, learned_from: Mapping[str, Any]) -> Matcher:
    """Learned coefficients in the order of `FEATURES`."""
    return Matcher(level, dict(zip(FEATURES, coefficients, strict=True)), learned_from)
