"""What may come in as a falling price, and how it is told."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from marketplace.catalog.price_curve import HOURS, MOST_STEPS, PERCENTS, PriceCurve, Step, is_falling
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import MoneyField


class StepIn(Schema):
    """From so many hours after the person asked, so many percent of the first price."""

    after_hours = fields.Integer(required=True, strict=True, validate=validate.Range(*HOURS))
    percent = fields.Integer(required=True, strict=True, validate=validate.Range(*PERCENTS))

    @post_load
    def _step(self, data: dict[str, Any], **_kwargs: Any) -> Step:
        return Step(**data)


class PriceCurveIn(Schema):
    """Steps in the order of time, each lower than the one before; `floor` is what a lead costs at least."""

    steps = fields.List(fields.Nested(StepIn), required=True, validate=validate.Length(1, MOST_STEPS))
    floor = MoneyField(required=True, least=1)

    @validates_schema
    def _falls(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not is_falling(data["steps"]):
            raise ValidationError(str(_l("Each step comes later than the one before it, and is lower.")), "steps")

    @post_load
    def _curve(self, data: dict[str, Any], **_kwargs: Any) -> tuple[PriceCurve, str]:
        return PriceCurve(tuple(data["steps"]), data["floor"].amount), data["floor"].currency


class StepOut(Schema):
    after_hours = fields.Integer(required=True)
    percent = fields.Integer(required=True)


class PriceCurveOut(Schema):
    """How the price falls with the age of a lead; the price of now stands with each lead."""

    steps = fields.List(fields.Nested(StepOut), required=True)
    floor = MoneyField(required=True)
