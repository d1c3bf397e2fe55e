"""What a buyer may filter and sort by; the page's address and the API use the same words."""

from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from marketplace.catalog import VERTICALS, Exclusivity
from marketplace.checks import ContactType, Qualification

#: from the best on
GRADES = ("A", "B", "C", "D", "E", "F")
Sort = Literal["best", "newest", "price", "-price", "score"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means: do not filter by it. `max_price` in minor units; `fresh_hours` since the person asked.

    `min_score`: the chance of being real, as a share (.9) or in percent (90); a lead without a score has none.
    `min_grade`: of the agency; one that is too new to have a grade has none. Sorted by `best`, a lead stands where
    its freshness times what its agency's grade makes visible puts it.
    """

    vertical: str | None = None
    country: str | None = None
    region: str | None = None
    max_price: int | None = None
    currency: str | None = None
    exclusivity: str | None = None
    fresh_hours: int | None = None
    temperature: str | None = None
    contact_type: str | None = None
    qualification: str | None = None
    min_score: float | None = None
    min_grade: str | None = None
    sort: Sort = "best"

    @property
    def is_empty(self) -> bool:
        return self == Filters(sort=self.sort)

    @property
    def least_bp(self) -> int:
        """`min_score` in ten-thousandths."""
        least = self.min_score or 0
        return round(least * (_WHOLE if least <= 1 else _WHOLE / 100))


class FiltersIn(Schema):
    """Filters as they come in an address."""

    class Meta:
        unknown = EXCLUDE

    vertical = fields.String(validate=validate.OneOf(sorted(VERTICALS)))
    country = fields.String(validate=validate.Length(2, 2))
    region = fields.String(validate=validate.Length(1, 3))
    max_price = fields.Integer(validate=validate.Range(1, 10**9))
    currency = fields.String(validate=validate.Length(3, 3))
    exclusivity = fields.String(validate=validate.OneOf([e.value for e in Exclusivity]))
    fresh_hours = fields.Integer(validate=validate.Range(1, 24 * 365))
    temperature = fields.String(validate=validate.OneOf(["cold", "warm", "hot"]))
    contact_type = fields.String(validate=validate.OneOf([c.value for c in ContactType]))
    qualification = fields.String(validate=validate.OneOf([*Qualification, *map(str.lower, Qualification)]))
    min_score = fields.Float(
        validate=validate.Range(0, 100),
        metadata={"description": "The least chance of being real: a share up to 1, or percent above 1."},
    )
    min_grade = fields.String(validate=validate.OneOf(GRADES[:-1]))
    sort = fields.String(validate=validate.OneOf(["best", "newest", "price", "-price", "score"]))

    @post_load
    def _filters(self, data: dict[str, Any], **_kwargs: Any) -> Filters:
        return Filters(**{key: value.upper() if key in _UPPER else value for key, value in data.items()})


_WHOLE = 10_000
_UPPER = ("country", "region", "currency", "min_grade", "qualification")
