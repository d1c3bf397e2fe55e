"""What may come in about a doubt, by page and API alike."""

from marshmallow import Schema, fields, validate

from marketplace.disputes.doubts.models import Finding
from marketplace.kit.schemas import REASON


class DoubtAnswerIn(Schema):
    """How the leads went, in the buyer's words."""

    statement = fields.String(required=True, validate=validate.Length(10, 4000))


class DoubtCallIn(Schema):
    """What the person said."""

    finding = fields.Enum(Finding, required=True, by_value=True)
    note = fields.String(load_default="", validate=validate.Length(max=500))


class DoubtReasonIn(Schema):
    """Why staff do it."""

    reasoning = fields.String(required=True, validate=REASON)
