"""What may come in as the terms of a commission, and how they are told."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from marketplace.catalog.commission import Channel, CommissionTerms, Kind
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import PER_BP, TRADED, Money
from marketplace.kit.schemas import MoneyField

#: what a commission may be expected to come to; a fifth of the least of it is the least deposit there is
LEAST_EXPECTED, MOST_EXPECTED = 5_00, 50_000_00
MOST_REPEAT_MONTHS, MOST_INSTALMENTS = 36, 12
REVERSAL_DAYS, REPORT_DAYS = (7, 120), (30, 365)

_SUMS = ("amount", "least", "most", "expected")
_FLAT_ALONE, _PERCENT_ALONE = ("amount",), ("rate_bp", "least", "most")


class CommissionIn(Schema):
    """A commission: of one amount, or in basis points of each sale with a least and a most. All in one currency."""

    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    amount = MoneyField(least=LEAST_EXPECTED, most=MOST_EXPECTED)
    rate_bp = fields.Integer(strict=True, validate=validate.Range(1, PER_BP))
    least = MoneyField(allow_none=True, least=1, most=MOST_EXPECTED)
    most = MoneyField(allow_none=True, least=1, most=MOST_EXPECTED)
    expected = MoneyField(least=LEAST_EXPECTED, most=MOST_EXPECTED)
    channel = fields.String(required=True, validate=validate.OneOf([channel.value for channel in Channel]))
    data_sharing = fields.String(required=True, validate=validate.Length(10, 2000))
    repeat_months = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_REPEAT_MONTHS))
    reversal_days = fields.Integer(load_default=30, strict=True, validate=validate.Range(*REVERSAL_DAYS))
    report_days = fields.Integer(load_default=90, strict=True, validate=validate.Range(*REPORT_DAYS))
    instalments = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_INSTALMENTS))

    @validates_schema
    def _fits(self, data: dict[str, Any], **_kwargs: Any) -> None:
        is_flat = data.get("kind") == Kind.FLAT
        for name in _PERCENT_ALONE if is_flat else _FLAT_ALONE:
            if data.get(name) is not None:
                raise ValidationError(str(_l("This belongs to the other kind of commission.")), name)
        for name in ("amount",) if is_flat else ("rate_bp", "expected"):
            if data.get(name) is None:
                raise ValidationError(str(_l("Say how much it is.")), name)
        _of_one_currency({name: data[name] for name in _SUMS if data.get(name)})
        if is_flat and data.get("expected", data["amount"]) != data["amount"]:
            raise ValidationError(str(_l("A flat commission is expected to be what it is.")), "expected")
        _in_order(data.get("least"), data.get("expected"), data.get("most"))

    @post_load
    def _terms(self, data: dict[str, Any], **_kwargs: Any) -> tuple[CommissionTerms, str]:
        sums = {name: data.pop(name, None) for name in _SUMS}
        expected: Money = sums["expected"] or sums["amount"]
        cents = {f"{name}_cents": money.amount for name, money in sums.items() if money}
        return CommissionTerms(**{**data, **cents, "expected_cents": expected.amount}), expected.currency


class CommissionOut(Schema):
    """A commission as the listing offers it; the deposit is the listing's price."""

    kind = fields.String(required=True)
    amount = MoneyField(required=True, allow_none=True)
    rate_bp = fields.Integer(required=True, allow_none=True)
    least = MoneyField(required=True, allow_none=True)
    most = MoneyField(required=True, allow_none=True)
    expected = MoneyField(required=True)
    channel = fields.String(required=True)
    data_sharing = fields.String(required=True)
    repeat_months = fields.Integer(required=True)
    reversal_days = fields.Integer(required=True)
    report_days = fields.Integer(required=True)
    instalments = fields.Integer(required=True)


def _of_one_currency(sums: dict[str, Money]) -> None:
    """Raises ValidationError at the first that is in another currency than the one before it."""
    known = next(iter(sums.values())).currency if sums else TRADED[0]
    if known not in TRADED:
        raise ValidationError(str(_l("Prices are in %(list)s.", list=", ".join(TRADED))), next(iter(sums)))
    for name, money in sums.items():
        if money.currency != known:
            raise ValidationError(str(_l("All amounts of a commission are in one currency.")), name)


def _in_order(least: Money | None, expected: Money | None, most: Money | None) -> None:
    if least and expected and least.amount > expected.amount:
        raise ValidationError(str(_l("The least is more than what is expected.")), "least")
    if most and expected and most.amount < expected.amount:
        raise ValidationError(str(_l("The most is less than what is expected.")), "most")
