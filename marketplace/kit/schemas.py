"""Field types that every schema shares: money, countries."""

from typing import Any

from babel import Locale
from marshmallow import ValidationError, fields, validate

from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money, is_currency

#: more money than anybody moves at once, and far below what a column holds, in minor units
MOST = 10**12
#: why somebody of staff does something: words that stand in the audit log
REASON = validate.Length(5, 500, error=_l("Give a reason (5 to 500 characters)."))
_LETTERS = 2
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})
TERRITORIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == _LETTERS and code.isalpha() and code not in _NO_COUNTRIES
)


class MoneyField(fields.Field[Money]):
    """`{"amount": 1250, "currency": "USD"}` in minor units <-> `Money`. `least` and `most` are in minor units."""

    def __init__(self, *, least: int = 0, most: int = MOST, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def _serialize(
        self,
        value: Any,
        attr: str | None,
        obj: Any,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        if value is None or isinstance(value, dict):
            return value
        told: dict[str, Any] = value.to_json()
        return told

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Any,
        **kwargs: Any,
    ) -> Money:
        if isinstance(value, Money):
            money = value
        elif isinstance(value, dict) and set(value) == {"amount", "currency"} and type(value["amount"]) is int:
            money = Money(value["amount"], str(value["currency"]))
        else:
            raise ValidationError(_("Give an amount in minor units and a currency."))
        if not is_currency(money.currency):
            raise ValidationError(_("This currency is not known."))
        if not self.least <= money.amount <= self.most:
            low, high = Money(self.least, money.currency), Money(self.most, money.currency)
            raise ValidationError(_("Give an amount from %(low)s to %(high)s.", low=low, high=high))
        return money


class Country(fields.String):
    """A country by its two letters (ISO 3166-1)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = str(super()._deserialize(value, attr, data, **kwargs)).upper()
        if code not in TERRITORIES:
            raise ValidationError(_("Give the country as two letters, like US or PL."))
        return code
