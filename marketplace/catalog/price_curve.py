"""How the price of a lead falls with its age, as a listing prints it and a version of the listing keeps it.

`price_at` is the price of a moment. The database's function of the same name, which a purchase checks its quote with
and the catalogue sorts by, gives the same for the same values (tests/web/test_price_curve.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, func, literal
from sqlalchemy.orm import InstrumentedAttribute as Attribute

from marketplace.kit.money import Money, share

MOST_STEPS = 4
#: a step comes at least an hour, at most a year after the person asked
HOURS = (1, 24 * 365)
PERCENTS = (1, 99)
_BP_OF_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Step:
    """From `after_hours` after the person asked, a lead costs `percent` of its first price."""

    after_hours: int
    percent: int


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """Steps by their hours, each with fewer percent than the one before; never below the floor, in minor units."""

    steps: tuple[Step, ...]
    floor_cents: int

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "PriceCurve | None":
        """From the JSON that a listing or one of its versions keeps; None where the price does not fall."""
        if not kept:
            return None
        steps = tuple(Step(step["after_hours"], step["percent"]) for step in kept["steps"])
        return cls(steps, kept["floor_cents"])

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        steps = [{"after_hours": step.after_hours, "percent": step.percent} for step in self.steps]
        return {"steps": steps, "floor_cents": self.floor_cents}

    def told(self, currency: str) -> dict[str, Any]:
        """As it is told outside."""
        return {"steps": self.to_json()["steps"], "floor": Money(self.floor_cents, currency)}

    def of_step(self, price_cents: int, step: Step) -> int:
        """What a lead costs from this step on, rounded half up, in minor units."""
        return max(self.floor_cents, share(price_cents, step.percent * _BP_OF_PERCENT))

    def price(self, price_cents: int, age: timedelta) -> int:
        """What a lead of this age costs; `price_cents` is its first price."""
        passed = [step for step in self.steps if age >= timedelta(hours=step.after_hours)]
        return self.of_step(price_cents, passed[-1]) if passed else price_cents

    def next_fall(self, price_cents: int, age: timedelta) -> tuple[timedelta, int] | None:
        """At which age the price is the next time lower than now, and what it is then; None when it stays."""
        now = self.price(price_cents, age)
        for step in self.steps:
            at = timedelta(hours=step.after_hours)
            if at > age and (then := self.of_step(price_cents, step)) < now:
                return at, then
        return None


def is_falling(steps: Sequence[Step]) -> bool:
    """Whether each step comes later and brings less than the one before it."""
    return all(a.after_hours < b.after_hours and a.percent > b.percent for a, b in pairwise(steps))


def price_at(price_cents: int, curve: PriceCurve | None, age: timedelta) -> int:
    """The price of a lead of this age, in minor units."""
    return curve.price(price_cents, age) if curve else price_cents


def price_column(
    price_cents: Attribute[int], kept: Attribute[Any], submitted_at: Attribute[datetime], now: datetime
) -> ColumnElement[int]:
    """The same in the database."""
    age = literal(now, DateTime(timezone=True)) - submitted_at
    return func.price_at(price_cents, kept, age, type_=BigInteger())
