"""The price to suggest for an offer, and what it rests on."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load, validate

from marketplace import catalog
from marketplace.api.caller import caller
from marketplace.api.resource import Resource
from marketplace.catalog.schemas import MAX_BUYERS
from marketplace.checks import Qualification
from marketplace.kit.money import TRADED
from marketplace.kit.schemas import Country, MoneyField
from marketplace.quality import prices
from marketplace.quality.prices import Advice, Offered

resource = Resource("price_advice", "Listings")


class OfferedIn(Schema):
    """What is to be offered in a trade; `buyers` may buy one lead.

    Without a `qualification` your newest leads of the trade tell how far the persons are.
    """

    currency = fields.String(load_default=TRADED[0], validate=validate.OneOf(TRADED))
    country = Country(load_default="US")
    region = fields.String(load_default="", validate=validate.Length(max=3))
    buyers = fields.Integer(load_default=1, validate=validate.Range(1, MAX_BUYERS))
    qualification = fields.String(load_default="", validate=validate.OneOf(["", *Qualification]))

    @post_load
    def _upper(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {**data, "region": data["region"].upper()}


class FactorOut(Schema):
    """What the usual price is multiplied by, and why."""

    name = fields.String(required=True)
    value = fields.Float(required=True)
    words = fields.String(required=True)


class FaultOut(Schema):
    """The share of your leads that is expected to be bad, with its 80 % interval; of `leads` the end is known."""

    rate = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    leads = fields.Integer(required=True)


class DemandOut(Schema):
    """Bought in the last 7 days, on sale now, and verified buyers of the last 30 days with money in a wallet."""

    bought = fields.Integer(required=True)
    on_sale = fields.Integer(required=True)
    buyers = fields.Integer(required=True)
    counted_at = fields.AwareDateTime(required=True)


class PlaceOut(Schema):
    region = fields.String(required=True)
    price = MoneyField(required=True)
    count = fields.Integer(required=True)


class ClassOut(Schema):
    """Leads of this qualification are paid `ratio` times the usual price; `count` such prices were kept in 90 days."""

    qualification = fields.String(required=True)
    ratio = fields.Float(required=True)
    count = fields.Integer(required=True)


class ChanceOut(Schema):
    """The share of leads of the trade that has become a sale after 90 days, with its 80 % interval."""

    rate = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    leads = fields.Integer(required=True, attribute="count")


class AdviceOut(Schema):
    """`price` = `base` times the factors; 80 % of such prices lie from `low` to `high`.

    `base` is the median of what was paid and kept in 90 days, of `in_place` leads in the place and `in_trade` in the
    whole trade; with none in the trade it is a printed price to begin with. `commission` of each sale pays for the
    leads that do not sell; null while `chance` is not known.
    """

    price = MoneyField(required=True)
    low = MoneyField(required=True)
    high = MoneyField(required=True)
    base = MoneyField(required=True)
    in_place = fields.Integer(required=True)
    in_trade = fields.Integer(required=True)
    factors = fields.List(fields.Nested(FactorOut), required=True, attribute="suggestion.factors")
    fault = fields.Nested(FaultOut, required=True)
    demand = fields.Nested(DemandOut, required=True, allow_none=True)
    places = fields.List(fields.Nested(PlaceOut), required=True)
    classes = fields.List(fields.Nested(ClassOut), required=True)
    chance = fields.Nested(ChanceOut, required=True, allow_none=True)
    commission = MoneyField(required=True, allow_none=True)
    commission_low = MoneyField(required=True, allow_none=True)
    commission_high = MoneyField(required=True, allow_none=True)
    counted_at = fields.AwareDateTime(required=True, allow_none=True)


@resource.get("/verticals/<slug>/price-suggestion")
@resource.arguments(OfferedIn, location="query")
@resource.response(200, AdviceOut)
def for_offer(offered: dict[str, Any], slug: str) -> Advice:
    """What you might ask for a lead of this trade"""
    return prices.advise(caller(), Offered(slug, **offered))


@resource.get("/listings/<uuid:listing_id>/price-suggestion")
@resource.response(200, AdviceOut)
def for_listing(listing_id: UUID) -> Advice:
    """What you might ask for a lead of one of your listings now"""
    who = caller()
    return prices.advise(who, prices.offered_by(catalog.find_for(who, listing_id)))
