"""Saved cards and wallets that fill themselves, from outside."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from marketplace.billing import rules
from marketplace.billing.models import CardSetupState, Pause
from marketplace.billing.recharge_rules import Wait
from marketplace.kit.i18n import gettext as _
from marketplace.kit.schemas import MoneyField


class CardOut(Schema):
    """A saved card, as its owner knows it; the number is Stripe's alone."""

    id = fields.UUID(required=True)
    brand = fields.String(required=True)
    last4 = fields.String(required=True)
    exp_month = fields.Integer(required=True)
    exp_year = fields.Integer(required=True)
    is_default = fields.Boolean(required=True)
    saved_at = fields.AwareDateTime(required=True)


class CardSetupOut(Schema):
    """A wish to save a card; `setup_url` is Stripe's page on which it is entered."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in CardSetupState]))
    setup_url = fields.String(required=True, allow_none=True, attribute="page_url")
    created_at = fields.AwareDateTime(required=True)


class RechargeIn(Schema):
    """When a wallet is to fill itself (`below`), with how much (20.00 at least), from which saved card."""

    on = fields.Boolean(required=True)
    below = MoneyField(required=True, least=1, most=rules.MOST_A_DAY)
    amount = MoneyField(required=True, least=rules.LEAST, most=rules.MOST_A_DAY)
    card_id = fields.UUID(required=True)

    @validates_schema
    def _one_wallet(self, given: dict[str, Any], **_options: object) -> None:
        if given["amount"].currency not in rules.CURRENCIES:
            raise ValidationError(_("Wallets are kept in %(list)s.", list=", ".join(rules.CURRENCIES)), "amount")
        if given["below"].currency != given["amount"].currency:
            raise ValidationError(_("This is another currency than that of the amount."), "below")


class RechargeOut(Schema):
    """How a wallet fills itself. `pause` says why it has stopped until you choose another card or, for `declined` and
    `authentication`, pay by hand; `waits_for` why it is low and not filled now; before `next_at` it does not try.
    """

    currency = fields.String(required=True)
    on = fields.Boolean(required=True)
    below = MoneyField(required=True, allow_none=True)
    amount = MoneyField(required=True, allow_none=True)
    card_id = fields.UUID(required=True, allow_none=True)
    pause = fields.String(required=True, allow_none=True, validate=validate.OneOf([each.value for each in Pause]))
    waits_for = fields.String(required=True, allow_none=True, validate=validate.OneOf([each.value for each in Wait]))
    next_at = fields.AwareDateTime(required=True, allow_none=True)
