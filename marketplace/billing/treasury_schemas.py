"""What staff send about payouts and our own money, and how these look from outside."""

from marshmallow import Schema, fields, validate

from marketplace.billing.models import AccountState, Hold, SweepState
from marketplace.kit.schemas import REASON, MoneyField


class ReasonIn(Schema):
    """Why, in words: they stand in the audit log."""

    reason = fields.String(required=True, validate=REASON)


class SweepIn(ReasonIn):
    """How much of what is our own goes to our bank."""

    amount = MoneyField(required=True, least=1)


class SweepOut(Schema):
    """Our own money on its way to our bank. `why` says why Stripe did not take it, or why the bank sent it back."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in SweepState]))
    amount = MoneyField(required=True)
    reason = fields.String(required=True)
    why = fields.String(required=True, allow_none=True)
    asked_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class OneTreasuryOut(Schema):
    """One currency: what Stripe said last that we have, beside our books. `sweepable` may go to our bank."""

    at_stripe = MoneyField(required=True)
    available = MoneyField(required=True)
    booked = MoneyField(required=True)
    difference = MoneyField(required=True)
    owed = MoneyField(required=True)
    sweepable = MoneyField(required=True)
    reached_at = fields.AwareDateTime(required=True, attribute="reading.reached_at")
    read_at = fields.AwareDateTime(required=True, attribute="reading.read_at")


class MovementOut(Schema):
    """A movement that Stripe lists and that our books do not know."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    source = fields.String(required=True)
    net = MoneyField(required=True)
    at = fields.AwareDateTime(required=True)


class TreasuryOut(Schema):
    """Our own money, one item a currency, and at most 50 movements without an entry, oldest first."""

    items = fields.List(fields.Nested(OneTreasuryOut), required=True)
    unmatched = fields.List(fields.Nested(MovementOut), required=True)


class AgencyAccountOut(Schema):
    """Where an agency is paid to. `hold` is why payouts wait although Stripe would take them; `until` may end it."""

    agency_id = fields.UUID(required=True, attribute="account.org_id")
    agency = fields.String(required=True)
    state = fields.String(
        required=True, attribute="account.state", validate=validate.OneOf([state.value for state in AccountState])
    )
    country = fields.String(required=True, allow_none=True, attribute="account.country")
    bank_last4 = fields.String(required=True, allow_none=True, attribute="account.bank_last4")
    is_held = fields.Boolean(required=True, attribute="account.is_held")
    hold = fields.String(
        required=True, allow_none=True, attribute="account.hold", validate=validate.OneOf([hold.value for hold in Hold])
    )
    hold_reason = fields.String(required=True, attribute="account.hold_reason")
    until = fields.AwareDateTime(required=True, allow_none=True, attribute="account.held_until")
