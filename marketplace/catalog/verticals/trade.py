"""What a vertical is."""

from dataclasses import dataclass
from typing import Any

from marketplace.catalog.fields import Field, Value, json_schema
from marketplace.kit.errors import NotFound
from marketplace.kit.i18n import lazy_gettext as _l

#: printed prices are for orientation: what stands for ten dollars elsewhere (policy)
_FOR_TEN_DOLLARS = {"USD": 10, "EUR": 9, "GBP": 8, "PLN": 40}


class UnknownVertical(NotFound):
    code = "unknown_vertical"
    sentence = _l("There is no such trade here.")


@dataclass(frozen=True, slots=True)
class Tells:
    """That an answer tells of the person's `need`, `wish` or `ability` to buy.

    Attributes:
        shows: the values that show it; empty means that any answer does but "no" and 0.
    """

    field: str
    flag: str
    shows: tuple[Value, ...] = ()

    def shown_by(self, value: Value) -> bool:
        return value in self.shows if self.shows else bool(value)


@dataclass(frozen=True, slots=True)
class Vertical:
    """A trade with its own field schema.

    Attributes:
        max_age_days: an older interest is not taken.
        usual_cents: what a lead is taken to cost while none was sold, in US cents (policy).
        is_sensitive: closed to buyers whom staff have not verified.
        tells: which answers say how far a person is.
    """

    slug: str
    title: str
    fields: tuple[Field, ...]
    max_age_days: int
    usual_cents: int
    is_sensitive: bool = False
    tells: tuple[Tells, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the answers."""
        return json_schema(self.fields)

    def usual(self, currency: str) -> int:
        """What a lead is taken to cost while none was sold, in minor units of a currency."""
        return self.usual_cents * _FOR_TEN_DOLLARS.get(currency, 10) // 10

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)
