"""What may come in to a second look."""

from marshmallow import Schema, fields, validate

from marketplace.kit.i18n import lazy_gettext as _l


class ReviewIn(Schema):
    """The share of the price that should go back, and why."""

    percent = fields.Integer(required=True, validate=validate.OneOf([0, 25, 50, 100]))
    reasoning = fields.String(
        required=True, validate=validate.Length(5, 4000, error=_l("Write 5 to 4,000 characters."))
    )
