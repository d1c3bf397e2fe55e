"""What may come in to a correction, by page and API alike."""

from marshmallow import Schema, fields, validate

from marketplace.disputes.corrections.rules import FIELDS


class ContactCorrectionIn(Schema):
    """A field of the contact, and what it should have been."""

    field = fields.String(required=True, validate=validate.OneOf(list(FIELDS)))
    value = fields.String(required=True, validate=validate.Length(1, 200))


class CorrectionTrialIn(Schema):
    """Whether it works."""

    works = fields.Boolean(required=True)
