"""What may come in as a listing, by page and API alike, and what goes out."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates, validates_schema

from marketplace.catalog.commission import Pricing
from marketplace.catalog.commission_schemas import CommissionIn, CommissionOut
from marketplace.catalog.models import Exclusivity, ListingState
from marketplace.catalog.price_curve_schemas import PriceCurveIn, PriceCurveOut
from marketplace.catalog.rules import LEAST_WINDOW, MOST_WINDOW, ORIGINS
from marketplace.catalog.verticals import VERTICALS
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import TRADED, Money
from marketplace.kit.schemas import Country, MoneyField

MIN_PRICE = 1_00
MAX_PRICE = 10_000_00
MAX_BUYERS = 5


class ListingTerms(Schema):
    """The terms of a new listing, as in the API's documentation."""

    vertical = fields.String(required=True, validate=validate.OneOf(sorted(VERTICALS)))
    title = fields.String(required=True, validate=validate.Length(3, 120))
    kind = fields.String(load_default="consumer", validate=validate.OneOf(["targeted", "consumer"]))
    pricing = fields.String(load_default="per_lead", validate=validate.OneOf([p.value for p in Pricing]))
    price = MoneyField(
        least=MIN_PRICE,
        most=MAX_PRICE,
        metadata={
            "description": "Of a lead; where it is paid by the sale the deposit, 20 % of the expected commission."
        },
    )
    commission = fields.Nested(CommissionIn, allow_none=True, load_default=None)
    price_curve = fields.Nested(PriceCurveIn, allow_none=True, load_default=None)
    exclusivity = fields.String(
        load_default=Exclusivity.EXCLUSIVE.value, validate=validate.OneOf([e.value for e in Exclusivity])
    )
    max_buyers = fields.Integer(strict=True, validate=validate.Range(1, MAX_BUYERS))
    window_days = fields.Integer(load_default=7, strict=True, validate=validate.Range(LEAST_WINDOW, MOST_WINDOW))
    default_country = Country(load_default="US")
    temperature = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(["cold", "warm", "hot"]))
    origin = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(ORIGINS))
    incentive = fields.String(load_default="", validate=validate.Length(max=200))

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        exclusive = data.get("exclusivity") == Exclusivity.EXCLUSIVE
        buyers = data.get("max_buyers", 1 if exclusive else 3)
        if exclusive and buyers != 1:
            raise ValidationError(str(_l("An exclusive lead has one buyer.")), "max_buyers")
        if not exclusive and buyers == 1:
            raise ValidationError(str(_l("A shared lead has 2 to 5 buyers.")), "max_buyers")
        if data.get("kind") == "targeted" and not exclusive:
            raise ValidationError(str(_l("A lead that answered one advertiser is always exclusive.")), "exclusivity")
        _fits_pricing(data)

    @validates("price")
    def _traded(self, price: Money, **_kwargs: Any) -> None:
        _must_be_traded(price)

    @post_load
    def _flat(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data = _priced(data)
        if "exclusivity" in data:
            data.setdefault("max_buyers", 1 if data["exclusivity"] == Exclusivity.EXCLUSIVE else 3)
        return data


class ListingChange(Schema):
    """Changes to a listing: any term that may change, and its state."""

    title = fields.String(validate=validate.Length(3, 120))
    price = MoneyField(least=MIN_PRICE, most=MAX_PRICE)
    commission = fields.Nested(CommissionIn)
    price_curve = fields.Nested(
        PriceCurveIn, allow_none=True, metadata={"description": "Goes with a `price`; null: it falls no more."}
    )
    window_days = fields.Integer(strict=True, validate=validate.Range(LEAST_WINDOW, MOST_WINDOW))
    default_country = Country()
    temperature = fields.String(allow_none=True, validate=validate.OneOf(["cold", "warm", "hot"]))
    origin = fields.String(allow_none=True, validate=validate.OneOf(ORIGINS))
    incentive = fields.String(validate=validate.Length(max=200))
    state = fields.Enum(ListingState, by_value=True)

    @validates("price")
    def _traded(self, price: Money, **_kwargs: Any) -> None:
        _must_be_traded(price)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        _deposit_fits(data)
        _curve_fits(data)

    @post_load
    def _flat(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return _priced(data)


def _fits_pricing(data: dict[str, Any]) -> None:
    """A price, or a commission with its deposit. Raises ValidationError."""
    is_per_sale = data.get("pricing") == Pricing.PER_SALE
    if is_per_sale and not data.get("commission"):
        raise ValidationError(str(_l("Say what commission each sale costs.")), "commission")
    if not is_per_sale and data.get("commission"):
        raise ValidationError(str(_l("A commission belongs to leads that are paid by the sale.")), "commission")
    if not is_per_sale and not data.get("price"):
        raise ValidationError(str(_l("Say what a lead costs.")), "price")
    _deposit_fits(data)
    _curve_fits(data)


def _deposit_fits(data: dict[str, Any]) -> None:
    if not (data.get("price") and data.get("commission")):
        return
    (terms, currency), deposit = data["commission"], data["price"]
    if deposit.currency != currency:
        raise ValidationError(str(_l("Deposit and commission are in one currency.")), "price")
    if deposit.amount > terms.expected_cents:
        raise ValidationError(str(_l("The deposit is more than the commission that is expected.")), "price")


def _curve_fits(data: dict[str, Any]) -> None:
    """A price that falls is a price, of the same currency, and never below its floor. Raises ValidationError."""
    if not data.get("price_curve"):
        return
    if data.get("commission") or not data.get("price"):
        raise ValidationError(str(_l("A price that falls needs the price that it falls from.")), "price_curve")
    (curve, currency), price = data["price_curve"], data["price"]
    if price.currency != currency:
        raise ValidationError(str(_l("The price and the least are in one currency.")), "price_curve")
    if curve.floor_cents > price.amount:
        raise ValidationError(str(_l("The least is more than the price.")), "price_curve")


def _priced(data: dict[str, Any]) -> dict[str, Any]:
    """Price and commission as the listing keeps them; a deposit that nobody named is the usual one."""
    if data.get("commission"):
        terms, currency = data["commission"]
        data |= {"commission": terms.to_json(), "currency": currency, "price_cents": terms.usual_deposit}
    if data.get("price_curve"):
        data["price_curve"] = data["price_curve"][0].to_json()
    if "price" in data:
        price = data.pop("price")
        data |= {"price_cents": price.amount, "currency": price.currency}
    return data


def _must_be_traded(price: Money) -> None:
    if price.currency not in TRADED:
        raise ValidationError(str(_l("Prices are in %(list)s.", list=", ".join(TRADED))))


class ListingOut(Schema):
    """A listing as its agency sees it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    vertical = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    pricing = fields.String(required=True)
    price = MoneyField(required=True)
    commission = fields.Nested(CommissionOut, required=True, allow_none=True, attribute="commission_told")
    price_curve = fields.Nested(PriceCurveOut, required=True, allow_none=True, attribute="curve_told")
    exclusivity = fields.String(required=True)
    max_buyers = fields.Integer(required=True)
    window_days = fields.Integer(required=True)
    default_country = fields.String(required=True)
    temperature = fields.String(allow_none=True)
    origin = fields.String(allow_none=True)
    incentive = fields.String()
    created_at = fields.AwareDateTime(required=True)
