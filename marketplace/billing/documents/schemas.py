"""What may come in as billing details, and what documents look like from outside."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from marketplace.billing.documents.models import DocumentKind, Treatment
from marketplace.billing.documents.vat import EU, clean_vat_id
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.schemas import Country, MoneyField
from marketplace.kit.text import clean_text

_NAME, _ADDRESS, _LINES, _NUMBER = 160, 300, 5, 40
_MISSING = _l("Fill this in.")
KINDS = [kind.value for kind in DocumentKind]


class _Words(fields.String):
    """Clean text; `lines` keeps that many lines, empty ones left out."""

    default_error_messages = {"required": _MISSING, "null": _MISSING}  # noqa: RUF012  # marshmallow declares it so

    def __init__(self, *, most: int, lines: int = 1, may_be_empty: bool = False, **options: Any) -> None:
        self._most, self._lines, self._may_be_empty = most, lines, may_be_empty
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        raw = str(super()._deserialize(value, attr, data, **kwargs))
        cleaned = [clean_text(line) for line in raw.splitlines()]
        kept = [line for line in cleaned if line]
        text = ("\n" if self._lines > 1 else " ").join(kept)
        if not text and not self._may_be_empty:
            raise self.make_error("required")
        if len(text) > self._most:
            raise ValidationError([_("Too long: use %(count)d characters or fewer.", count=self._most)])
        if self._lines > 1 and len(kept) > self._lines:
            raise ValidationError([_("Take %(count)d lines or fewer.", count=self._lines)])
        return text


class BillingDetailsIn(Schema):
    """Under which name, address and VAT number documents are made out from now on.

    A VAT number is checked formally: length and check digits of the country.
    """

    legal_name = _Words(most=_NAME, required=True)
    address = _Words(most=_ADDRESS, lines=_LINES, required=True)
    country = Country(required=True)
    is_vat_registered = fields.Boolean(load_default=False)
    vat_id = _Words(most=_NUMBER, may_be_empty=True, load_default="")

    @validates_schema
    def _belong_together(self, data: dict[str, Any], **_options: Any) -> None:
        if data["is_vat_registered"] and not data["vat_id"]:
            raise ValidationError(_("Give the VAT number, or say that you are not registered."), "vat_id")
        if data["vat_id"] and not data["is_vat_registered"]:
            raise ValidationError(_("Say that you are registered, or leave this empty."), "vat_id")

    @post_load
    def _whole(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        if data["vat_id"]:
            try:
                data["vat_id"] = clean_vat_id(data["vat_id"], data["country"])
            except ValueError as error:
                raise ValidationError({"vat_id": [_wrong_number(data["country"])]}) from error
        return data


class BillingDetailsOut(Schema):
    """How documents are made out. `changed_at` is when they were given, or when the organisation was opened."""

    legal_name = fields.String(required=True)
    address = fields.String(required=True)
    country = fields.String(required=True)
    is_vat_registered = fields.Boolean(required=True)
    vat_id = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True)


class PartyOut(Schema):
    """A party as it was when the document was issued; without a VAT number it was not registered."""

    name = fields.String(required=True)
    address = fields.String(required=True)
    country = fields.String(required=True)
    vat_id = fields.String(required=True)


class DocumentOut(Schema):
    """A document as it was issued; it never changes. `period` is the first day of its month, null on a receipt.

    `total` is what is paid, VAT included; on a credit note what is given back, on a statement the balance after it.
    """

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    number = fields.String(required=True, attribute="name")
    issued_at = fields.AwareDateTime(required=True)
    period = fields.Date(required=True, allow_none=True)
    total = MoneyField(required=True)
    net = MoneyField(required=True)
    vat = MoneyField(required=True)
    vat_rate_bp = fields.Integer(required=True, attribute="vat_bp")
    vat_treatment = fields.String(
        required=True, attribute="treatment", validate=validate.OneOf([each.value for each in Treatment])
    )
    corrects_id = fields.UUID(required=True, allow_none=True)


class DocumentLineOut(Schema):
    """One line: an entry of the ledger and what it is about, in minor units of the document's currency."""

    position = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    what = fields.String(required=True)
    title = fields.String(required=True)
    entry_id = fields.UUID(required=True)
    reference_id = fields.UUID(required=True)
    price = fields.Integer(required=True, allow_none=True, attribute="price_cents")
    fee = fields.Integer(required=True, allow_none=True, attribute="fee_cents")
    reserve = fields.Integer(required=True, allow_none=True, attribute="reserve_cents")
    amount = fields.Integer(required=True, attribute="amount_cents")
    balance = fields.Integer(required=True, allow_none=True, attribute="balance_cents")


class WholeDocumentOut(Schema):
    """A document with its parties and lines. `ours` is Fairlead's side, `theirs` yours."""

    document = fields.Nested(DocumentOut, required=True)
    ours = fields.Nested(PartyOut, required=True, attribute="document.ours")
    theirs = fields.Nested(PartyOut, required=True, attribute="document.theirs")
    opening = fields.Integer(required=True, allow_none=True, attribute="document.opening_cents")
    lines = fields.List(fields.Nested(DocumentLineOut), required=True)


def _wrong_number(country: str) -> str:
    if country in EU:
        return str(_("This is not a VAT number of this country: look at its length and digits."))
    return str(_WRONG_ELSEWHERE)


_WRONG_ELSEWHERE = _l("This does not look like a tax number of this country.")
