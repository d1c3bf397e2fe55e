"""What may come in as a try to reach somebody, and what one looks like from outside."""

from marshmallow import Schema, fields

from marketplace.orders.attempts.models import Result


class AttemptIn(Schema):
    """A call: how it went, and when; now where `at` is left out."""

    result = fields.Enum(Result, by_value=True, required=True)
    at = fields.AwareDateTime(allow_none=True, load_default=None)


class AttemptOut(Schema):
    """`via` is `page` (typed by hand) or `api`; in a dispute both are the buyer's word and count half."""

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    result = fields.String(required=True)
    logged_at = fields.AwareDateTime(required=True)
    via = fields.String(required=True)
