"""What may come in about a chargeback, and how one looks from outside."""

from marshmallow import Schema, fields, validate

from marketplace.billing.models import ChargebackState
from marketplace.kit.schemas import MoneyField


class AnswerIn(Schema):
    """Our answer to the bank; it takes one while it asks, and one when it takes the payment back."""

    words = fields.String(required=True, validate=validate.Length(20, 10_000))


class ChargebackOut(Schema):
    """A payment that a bank takes back. `frozen_cents` of the buyer's money are frozen for it now, orders aside."""

    id = fields.UUID(required=True)
    top_up_id = fields.UUID(required=True)
    buyer_id = fields.UUID(required=True, attribute="org_id")
    amount = MoneyField(required=True)
    frozen_cents = fields.Integer(required=True, attribute="frozen_now")
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in ChargebackState]))
    answer = fields.String(required=True)
    inquiry_answer = fields.String(
        required=True, metadata={"description": "what it was told while it only asked; it wants another answer since"}
    )
    answer_by = fields.AwareDateTime(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class StripeNewsOut(Schema):
    """News of Stripe that could not be handled."""

    id = fields.UUID(required=True)
    stripe_id = fields.String(required=True)
    type = fields.String(required=True)
    object_id = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    handled_at = fields.AwareDateTime(required=True, allow_none=True)
    dead_at = fields.AwareDateTime(required=True, allow_none=True)
    tries = fields.Integer(required=True)
    why = fields.String(required=True, allow_none=True)


class StripeCallOut(Schema):
    """Something that Stripe was asked to do."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    key = fields.String(required=True)
    state = fields.String(required=True)
    tries = fields.Integer(required=True)
    why = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    next_at = fields.AwareDateTime(required=True)
