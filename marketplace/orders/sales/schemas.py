"""What may come in about sales, by page, file and API alike, and what a sale looks like from outside."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import MoneyField
from marketplace.orders.sales.models import NoSale, SaleState
from marketplace.orders.sales.report import Report

LONGEST_REFERENCE = 100
_WORDS = validate.Length(5, 2000, error=_l("Write 5 to 2,000 characters."))


class SaleIn(Schema):
    """A sale to the person of a lead; `reference` is the buyer's own number of it, the same again is the same sale."""

    amount = MoneyField(required=True, least=1)
    at = fields.AwareDateTime()
    repeat = fields.Boolean(allow_none=True)
    reference = fields.String(load_default="", validate=validate.Length(max=LONGEST_REFERENCE))

    @post_load
    def _report(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return _told(data)


class NamedSaleIn(SaleIn):
    """The same with the lead or order that it belongs to; `no_sale` says why there was none, and wants no amount."""

    order_id = fields.UUID()
    lead_id = fields.UUID()
    amount = MoneyField(least=1)
    no_sale = fields.Enum(NoSale, by_value=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))

    @validates_schema
    def _one_of_each(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if ("order_id" in data) == ("lead_id" in data):
            raise ValidationError(_("Name the order or the lead."), "order_id")
        if ("amount" in data) == ("no_sale" in data):
            raise ValidationError(_("Give the amount, or say why there was no sale."), "amount")

    @post_load
    def _report(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return data if "no_sale" in data else data | {"report": _told(data)}


class SaleCorrectionIn(Schema):
    """What the sale really came to; an amount of 0 when the customer gave everything back."""

    amount = MoneyField(required=True)
    reason = fields.String(required=True, validate=_WORDS)


class SaleAnswerIn(Schema):
    """The agency agrees, or says why the report is not right.

    With the `amount` that it has read it agrees to nothing else: corrected meanwhile is refused (`sale_changed`).
    """

    accept = fields.Boolean(required=True)
    amount = MoneyField()
    statement = fields.String(load_default="", validate=validate.Length(max=2000))

    @validates_schema
    def _says_why(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("accept", True) and len(data.get("statement", "").strip()) < 5:  # noqa: PLR2004  # as _WORDS
            raise ValidationError(str(_WORDS.error), "statement")


class NoSaleIn(Schema):
    """Why a lead did not become a customer."""

    reason = fields.Enum(NoSale, by_value=True, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class SaleDecisionIn(Schema):
    """What staff say a contested sale came to; 0: there was none, or all of it came back."""

    amount = MoneyField(required=True)
    reasoning = fields.String(required=True, validate=_WORDS)


class AuditDecisionIn(SaleIn):
    """What staff found out about a lead without a report: no sale, or one with its amount."""

    outcome = fields.String(required=True, validate=validate.OneOf(["no_sale", "sale"]))
    amount = MoneyField(least=1)
    reasoning = fields.String(required=True, validate=_WORDS)

    @pre_load
    def _without_sale(self, data: Any, **_kwargs: Any) -> Any:
        """Without a sale its fields say nothing."""
        if isinstance(data, dict) and data.get("outcome") == "no_sale":
            return {name: value for name, value in data.items() if name in ("outcome", "reasoning")}
        return data

    @validates_schema
    def _has_amount(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("outcome") == "sale" and "amount" not in data:
            raise ValidationError(_("Say what the sale came to."), "amount")

    @post_load
    def _report(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return data if data["outcome"] == "no_sale" else data | {"report": _told(data)}


class PartOut(Schema):
    at = fields.AwareDateTime(required=True)
    amount = MoneyField(required=True)


class SaleOut(Schema):
    """A reported sale with its commission: what of it is agreed, paid, held and released.

    Until `answer_by` the agency may contest it, until `returns_until` the customer may give back what was sold.
    `parts` are the monthly parts in which the commission is paid; `stops_buying_at` is set while one is due and unpaid.
    """

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in SaleState]))
    amount = MoneyField(required=True)
    at = fields.AwareDateTime(required=True)
    repeat = fields.Boolean(required=True)
    reference = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    reported_via = fields.String(required=True)
    commission = MoneyField(required=True)
    paid = MoneyField(required=True)
    due = MoneyField(required=True)
    held = MoneyField(required=True)
    parts = fields.List(fields.Nested(PartOut), required=True)
    answer_by = fields.AwareDateTime(required=True, allow_none=True)
    returns_until = fields.AwareDateTime(required=True)
    stops_buying_at = fields.AwareDateTime(required=True, allow_none=True)
    change_reason = fields.String(required=True, allow_none=True)
    contest = fields.String(required=True, allow_none=True)
    reasoning = fields.String(required=True, allow_none=True)


def _told(data: dict[str, Any]) -> Report:
    return Report(data["amount"], data.get("at"), data.get("repeat"), data["reference"].strip())
