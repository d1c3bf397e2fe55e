"""What may come in to a batch, by page and API alike."""

from marshmallow import Schema, fields, validate

from marketplace.disputes.batches.models import BatchKind
from marketplace.kit.i18n import lazy_gettext as _l

_REASON = validate.Length(10, 1000, error=_l("Write 10 to 1,000 characters."))


class BatchIn(Schema):
    """What the leads have in common, and why all of them are void, for both sides to read."""

    kind = fields.Enum(BatchKind, by_value=True, required=True)
    reason = fields.String(required=True, validate=_REASON)


class BatchRefusalIn(Schema):
    """Why nothing is taken back."""

    reason = fields.String(required=True, validate=validate.Length(3, 1000))
