"""Amounts for the eye."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision


def format_amount(amount: int, currency: str) -> str:
    """`format_amount(2500, "usd")` -> `$25.00`; yen have no minor unit, dinars three digits."""
    code = currency.upper()
    return str(format_currency(Decimal(amount).scaleb(-get_currency_precision(code)), code, locale="en_US"))
