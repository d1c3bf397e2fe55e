"""What may come in to billing, and what a wallet looks like from outside."""

from marshmallow import Schema, ValidationError, fields, validate, validates

from marketplace.billing import rules
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.schemas import MoneyField


class TopUpIn(Schema):
    """How much to put into the wallet: at least 20.00."""

    amount = MoneyField(required=True, least=rules.LEAST, most=rules.MOST_A_DAY)

    @validates("amount")
    def _known_currency(self, amount: Money, **_kwargs: object) -> None:
        if amount.currency not in rules.CURRENCIES:
            raise ValidationError(_("Wallets are kept in %(list)s.", list=", ".join(rules.CURRENCIES)))


class TopUpOut(Schema):
    """A top-up; `checkout_url` is where the card is asked for."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    amount = MoneyField(required=True)
    checkout_url = fields.String(allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class StatementLineOut(Schema):
    """One line of a statement: what moved, and the balance after it, in minor units."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    reference_id = fields.UUID(required=True)
    amount = fields.Integer(required=True)
    balance_after = fields.Integer(required=True)
    currency = fields.String(required=True)


class RefundIn(Schema):
    """How much unspent money is to go back to the cards that it came from, the newest payments first."""

    amount = MoneyField(required=True, least=1)
    top_up_id = fields.UUID(metadata={"description": "Of this one payment only."})


class RefundOut(Schema):
    """A part of a refund that goes to the card of one payment; `failure` says why it is in the wallet again."""

    id = fields.UUID(required=True)
    wish_id = fields.UUID(required=True, metadata={"description": "The same for all parts of one wish."})
    top_up_id = fields.UUID(required=True)
    amount = MoneyField(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["asked", "pending", "succeeded", "failed", "bounced"]),
    )
    failure = fields.String(allow_none=True)
    asked_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(allow_none=True)
