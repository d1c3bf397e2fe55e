"""What may come in as a purchase, and what an order looks like from outside."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from marketplace.billing.rules import LEAST
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import TRADED
from marketplace.kit.schemas import MOST, MoneyField

MOST_AT_ONCE = 100
MOST_VERSIONS = 10**9


class PurchaseIn(Schema):
    """One lead at a quoted price, or several for a total.

    A lead that is paid by the sale is bought by itself: `quoted_price` is its deposit, and `terms_version` says that
    the buyer has seen this version of the listing's terms and agrees to it.
    """

    lead_id = fields.UUID()
    quoted_price = MoneyField()
    terms_version = fields.Integer(strict=True, validate=validate.Range(1, MOST_VERSIONS))
    lead_ids = fields.List(fields.UUID(), validate=validate.Length(1, MOST_AT_ONCE))
    max_total = MoneyField()
    all_or_nothing = fields.Boolean(load_default=False)

    @validates_schema
    def _one_form(self, data: dict[str, Any], **_kwargs: Any) -> None:
        one, many = {"lead_id", "quoted_price"}, {"lead_ids", "max_total"}
        given = set(data) - {"all_or_nothing"}
        if given not in (one, one | {"terms_version"}, many):
            raise ValidationError(_("Give lead_id with quoted_price, or lead_ids with max_total."), "lead_id")


class QuoteIn(Schema):
    """A page's order for one lead: the price that was shown, and a key that makes the second click the same order."""

    price = fields.Integer(required=True, validate=validate.Range(1, MOST))
    currency = fields.String(required=True, validate=validate.OneOf(TRADED))
    key = fields.UUID(required=True)
    terms_version = fields.Integer(validate=validate.Range(1, MOST_VERSIONS))


class CardQuoteIn(QuoteIn):
    """The same to be paid by card: `top_up` is what the page said that the card pays. It takes no key.

    More than a wallet takes in a day is refused as such, on the page of the lead.
    """

    class Meta:
        exclude = ("key",)

    top_up = fields.Integer(required=True, validate=validate.Range(LEAST, MOST))


class BasketIn(Schema):
    """A page's order for several leads; without the sum that was shown the page asks first."""

    leads = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_AT_ONCE))
    max_total = fields.Integer(validate=validate.Range(1, MOST))
    currency = fields.String(required=True, validate=validate.OneOf(TRADED))
    key = fields.UUID(required=True)
