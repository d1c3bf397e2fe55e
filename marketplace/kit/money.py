"""Money: whole minor units with their currency; parts of a sum that always add up to it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from babel.numbers import format_currency, format_decimal, get_currency_precision, list_currencies, parse_decimal

from marketplace.kit.i18n import locale_code

PER_BP = 10_000
#: what listings are priced in and wallets hold
TRADED = ("USD", "EUR", "GBP", "PLN")
_KNOWN = frozenset(list_currencies())
_MOST_TYPED, _DIGITS_TYPED = 10**12, 9


class MixedCurrencies(Exception):
    """Amounts of two currencies were put together."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents; JPY has none, TND has three digits) of an ISO 4217 currency."""

    amount: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def _same(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency}")
        return other

    def __str__(self) -> str:
        return format_money(self)

    def to_json(self) -> dict[str, int | str]:
        """As the API gives it."""
        return {"amount": self.amount, "currency": self.currency}

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))


@dataclass(frozen=True, slots=True)
class InEach:
    """An amount of minor units that is the same in each of `TRADED`: a limit, written without a currency."""

    amount: int

    def __str__(self) -> str:
        return format_decimal(Decimal(self.amount).scaleb(-2), format="#,##0.00", locale=locale_code())


def exponent(currency: str) -> int:
    """How many digits stand after the point: 2 for USD, 0 for JPY, 3 for TND."""
    return get_currency_precision(currency)


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code."""
    return code in _KNOWN


def parse_money(text: str, currency: str) -> Money:
    """Read what a person typed, in the reader's own form ("1,250.50" in English), as money.

    Raises:
        ValueError: when it is no amount, finer than the currency's smallest unit, or beyond all reason.
    """
    amount = parse_decimal(text.strip(), locale=locale_code(), strict=True)
    if not amount.is_finite() or amount.copy_abs() > _MOST_TYPED or (amount and amount.adjusted() < -_DIGITS_TYPED):
        raise ValueError("no amount that anybody pays")
    units = amount.scaleb(exponent(currency))
    if units != units.to_integral_value():
        raise ValueError("finer than the smallest unit")
    return Money(int(units), currency)


def format_money(money: Money, locale: str | None = None) -> str:
    """Money in the reader's form, with a real minus sign."""
    text = format_currency(money.decimal, money.currency, locale=locale or locale_code())
    return text.replace("-", "\N{MINUS SIGN}")


def share(amount: int, basis_points: int) -> int:
    """The part of `amount` that a rate takes, rounded half up; never below 0 nor above the amount.

    amount: minor units, >= 0. basis_points: 0..10,000.
    """
    return (amount * basis_points + PER_BP // 2) // PER_BP
