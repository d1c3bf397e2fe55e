"""What may come in as an outcome, and what one looks like from outside."""

from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import MoneyField
from marketplace.orders.outcomes.models import REPORTED, Stage
from marketplace.orders.outcomes.report import Told

LONGEST_REASON = 500
_NO_ID = {"invalid_uuid": _l("This is not an id of ours.")}


class _TimeOrDay(fields.AwareDateTime):
    """A time; a page or a file, which may know the day alone, gives that as a `date`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        return value if is_day else super()._deserialize(value, attr, data, **kwargs)


class OutcomeIn(Schema):
    """What became of a lead. `amount` is what was won; `reason` stays with you: the agency sees stage and time."""

    stage = fields.String(required=True, validate=validate.OneOf([stage.value for stage in REPORTED]))
    at = _TimeOrDay(allow_none=True)
    amount = MoneyField(least=1, allow_none=True)
    reason = fields.String(load_default="", allow_none=True, validate=validate.Length(max=LONGEST_REASON))
    remind_on = fields.Date(
        allow_none=True, metadata={"description": "Of a deferred lead: the day on which you are reminded of it."}
    )

    @post_load
    def _told(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        words = data.get("reason") or ""
        return Told(Stage(data["stage"]), data.get("at"), data.get("amount"), words, data.get("remind_on"))


class NamedOutcomeIn(OutcomeIn):
    """The same with the order or the lead that it belongs to; the time says that the same row again is the same."""

    order_id = fields.UUID(error_messages=_NO_ID)
    lead_id = fields.UUID(error_messages=_NO_ID)
    at = _TimeOrDay(required=True)

    @validates_schema
    def _one_name(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if ("order_id" in data) == ("lead_id" in data):
            raise ValidationError(_("Name the order or the lead."), "order_id")


class OutcomeOut(Schema):
    """An outcome; amount, reason and day of a reminder are shown to the buyer alone, and are null for the agency."""

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    stage = fields.String(required=True, validate=validate.OneOf([stage.value for stage in REPORTED]))
    at = fields.AwareDateTime(required=True)
    amount = MoneyField(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    remind_on = fields.Date(required=True, allow_none=True)
    reported_at = fields.AwareDateTime(required=True)
