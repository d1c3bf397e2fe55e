"""What may come in to a dispute, by page and API alike."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from marketplace.disputes.actions import Verdict
from marketplace.disputes.appeals import Ruling
from marketplace.disputes.models import DisputeState, Reason
from marketplace.disputes.reasons import asks_words
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l

_WORDS = validate.Length(5, 4000, error=_l("Write 5 to 4,000 characters."))


class DisputeIn(Schema):
    """A buyer's dispute. Words may be left out where we check the reason ourselves.

    `deposit_cents`: where a deposit is asked for, the amount that the buyer agrees to.
    """

    reason = fields.Enum(Reason, by_value=True, required=True)
    statement = fields.String(load_default="", validate=validate.Length(max=4000))
    deposit_cents = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0))

    @validates_schema
    def _says_enough(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if asks_words(data["reason"]):
            try:
                _WORDS(data.get("statement", "").strip())
            except ValidationError as error:
                raise ValidationError(error.messages, "statement") from error


class WordsIn(Schema):
    """An answer that is given in words only, as on the agency's page."""

    statement = fields.String(required=True, validate=_WORDS)


class AnswerIn(Schema):
    """The agency's answer in words; `concede` gives the money back at once."""

    statement = fields.String(load_default="", validate=validate.Length(max=4000))
    concede = fields.Boolean(load_default=False)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("concede") and not data.get("statement", "").strip():
            raise ValidationError(_("Say what you know, or give the money back."), "statement")


class DecisionIn(Schema):
    """A verdict of staff. `version`: of the dispute as you read it; then nothing is decided over what came in later."""

    outcome = fields.Enum(DisputeState, by_value=True, required=True)
    refund_percent = fields.Integer(required=True, strict=True, validate=validate.OneOf([0, 25, 50, 100]))
    reasoning = fields.String(required=True, validate=_WORDS)
    early_reason = fields.String(load_default="", validate=validate.Length(max=500))
    version = fields.String(load_default="", validate=validate.Length(max=64))

    @post_load
    def _verdict(self, data: dict[str, Any], **_kwargs: Any) -> Verdict:
        return Verdict(**data)


class RulingIn(Schema):
    """What staff decide about an appeal: the share of the price that goes back in all. `version`: as in a verdict."""

    refund_percent = fields.Integer(required=True, strict=True, validate=validate.OneOf([0, 25, 50, 100]))
    reasoning = fields.String(required=True, validate=_WORDS)
    version = fields.String(load_default="", validate=validate.Length(max=64))

    @post_load
    def _ruling(self, data: dict[str, Any], **_kwargs: Any) -> Ruling:
        return Ruling(**data)
