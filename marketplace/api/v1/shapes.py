"""Forms that several resources share: pages of a list, a masked lead."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from marketplace.catalog.commission_schemas import CommissionOut
from marketplace.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, Ask

_LONGEST_CURSOR = 500
MOMENT = {"format": "date-time"}


class PageIn(Schema):
    """Which page of a list; `ask` holds it after loading."""

    cursor = fields.String(
        validate=validate.Length(1, _LONGEST_CURSOR),
        metadata={"description": "`next_cursor` of the page before; without it the first page."},
    )
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT))

    @post_load
    def _ask(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        data["ask"] = Ask(cursor=data.pop("cursor", None), limit=data.pop("limit"))
        return data


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """The form of one page of these items."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(members, name=f"{item.__name__.removesuffix('Out')}Page")


class AgencyOut(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)
    score = fields.Float(required=True, allow_none=True)


class CheckOut(Schema):
    check = fields.String(required=True)
    result = fields.String(required=True, validate=validate.OneOf(["passed", "failed", "unknown"]))


_PlainMoney = Schema.from_dict(
    {"amount": fields.Integer(required=True), "currency": fields.String(required=True)}, name="Money"
)


class PriceFallOut(Schema):
    """When the price falls the next time if nobody buys before, and to what."""

    at = fields.String(required=True, metadata=MOMENT)
    price = fields.Nested(_PlainMoney, required=True)


class SignOut(Schema):
    """What was found; points are log-odds, above 0 for a fake."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    points = fields.Float(required=True)


class ScoreOut(Schema):
    """The two chances of a lead. `usual`, the points of all `reasons` and `put_right` are the log-odds of a fake.

    Not `calibrated`, the weights are chosen and not measured: `decided` counts the known outcomes, up to 300.
    """

    p_real = fields.Float(required=True, allow_none=True)
    p_convert = fields.Float(required=True, allow_none=True)
    calibrated = fields.Boolean(required=True)
    decided = fields.Integer(required=True)
    usual = fields.Float(required=True)
    put_right = fields.Float(required=True)
    reasons = fields.List(fields.Nested(SignOut), required=True)


class MaskedLeadOut(Schema):
    """A lead before purchase: nothing here identifies a person. Scores and grades are null until they are measured.

    `price` is that of this moment: a purchase quotes it, and is refused as `price_changed` when it has changed since.
    Paid by the sale, `price` is the deposit, and `terms_version` goes into the order: it says that you agree to them.
    """

    id = fields.UUID(required=True)
    listing_id = fields.UUID(required=True)
    agency = fields.Nested(AgencyOut, required=True)
    vertical = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    postal_prefix = fields.String(required=True, allow_none=True)
    country = fields.String(required=True)
    price = fields.Nested(_PlainMoney, required=True)
    price_falls = fields.Nested(PriceFallOut, required=True, allow_none=True)
    pricing = fields.String(required=True)
    commission = fields.Nested(CommissionOut, required=True, allow_none=True)
    terms_version = fields.Integer(required=True)
    exclusivity = fields.String(required=True)
    slots_left = fields.Integer(required=True)
    window_days = fields.Integer(required=True)
    received_at = fields.String(required=True, metadata=MOMENT)
    submitted_at = fields.String(required=True, metadata=MOMENT)
    temperature = fields.String(required=True, allow_none=True)
    qualification = fields.String(required=True, allow_none=True)
    contact_type = fields.String(required=True)
    channel = fields.String(required=True)
    checks = fields.List(fields.Nested(CheckOut), required=True)
    p_real = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The chance that the lead is real, 0 to 1; null for the moment until it is counted."},
    )
    p_convert = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The chance that the person buys, 0 to 1; null while no model has a signal."},
    )
    answers = fields.Dict(keys=fields.String(), required=True)
