"""The commission on a listing's form: what a person typed as its terms, and terms as the form shows them."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import parse_decimal

from marketplace.catalog import Channel, Listing
from marketplace.catalog.commission import DEPOSIT_BP, Kind
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code
from marketplace.kit.money import PER_BP, parse_money
from marketplace.web.shapes import percent

PREFIX = "commission_"
_SUMS: Mapping[str, tuple[str, ...]] = {Kind.FLAT: ("amount",), Kind.PERCENT: ("least", "most", "expected")}
_COUNTS = ("repeat_months", "reversal_days", "report_days", "instalments")
_TEXTS = ("kind", "channel", "data_sharing")
_SMALL_NUMBER = re.compile("[0-9]{1,4}")
_PER_CENT = 100

#: what the form offers at first
PLAIN: Mapping[str, str] = {
    "pricing": "per_lead",
    f"{PREFIX}kind": Kind.PERCENT.value,
    f"{PREFIX}channel": Channel.PAGE.value,
    f"{PREFIX}repeat_months": "0",
    f"{PREFIX}reversal_days": "30",
    f"{PREFIX}report_days": "90",
    f"{PREFIX}instalments": "1",
}


def plain_sharing() -> str:
    """What a buyer is asked to share where the agency writes nothing else."""
    return str(_("The amount and the day of each sale to the person, and the invoice of it if we ask."))


def read_commission(sent: Mapping[str, str], currency: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form's texts stand for, as the schema takes it; and what cannot be read, by the name of its field."""
    typed = {name: text for name in _TEXTS if (text := sent.get(f"{PREFIX}{name}", "").strip())}
    wrong: dict[str, str] = {}
    told: dict[str, Any] = dict(typed)
    for name in _SUMS.get(typed.get("kind", ""), ()):
        if text := sent.get(f"{PREFIX}{name}", "").strip():
            try:
                money = parse_money(text, currency)
            except ValueError:
                wrong[f"{PREFIX}{name}"] = _("Write the amount as a number, like 120 or 99.50.")
            else:
                told[name] = {"amount": money.amount, "currency": money.currency}
    if typed.get("kind") == Kind.PERCENT and (text := sent.get(f"{PREFIX}rate", "").strip()):
        rate = _basis_points(text)
        if rate is None:
            wrong[f"{PREFIX}rate"] = _("Write the part as a number of per cent, like 12 or 8.5.")
        else:
            told["rate_bp"] = rate
    counts = {name: sent.get(f"{PREFIX}{name}", "").strip() for name in _COUNTS}
    told |= {name: int(text) for name, text in counts.items() if _SMALL_NUMBER.fullmatch(text)}
    return told, wrong


def field_of(name: str) -> str:
    """The form's field for one of the schema's: `commission.rate_bp` -> `commission_rate`."""
    inner = name.removeprefix("commission.")
    if inner == name:
        return name
    return PREFIX + ("rate" if inner == "rate_bp" else inner)


def shown_commission(listing: Listing) -> dict[str, str]:
    """A listing's commission as its form shows it."""
    terms = listing.per_sale
    if terms is None:
        return {**PLAIN, f"{PREFIX}data_sharing": plain_sharing()}
    told = terms.told(listing.currency)
    sums = {name: f"{told[name].decimal}" if told[name] else "" for names in _SUMS.values() for name in names}
    sums["deposit"] = f"{listing.price.decimal}"
    rate = "" if terms.rate_bp is None else f"{Decimal(terms.rate_bp) / _PER_CENT:f}"
    plain = {name: str(told[name]) for name in (*_TEXTS, *_COUNTS)}
    return {
        "pricing": listing.pricing,
        **{f"{PREFIX}{name}": text for name, text in (sums | plain | {"rate": rate}).items()},
    }


def deposit_share() -> str:
    """The usual deposit as a part of the expected commission."""
    return percent(Decimal(DEPOSIT_BP) / PER_BP)


def _basis_points(text: str) -> int | None:
    try:
        points = parse_decimal(text.removesuffix("%").strip(), locale=locale_code(), strict=True) * _PER_CENT
        return (
            int(points)
            if points.is_finite() and points == points.to_integral_value() and abs(points) < PER_BP**2
            else None
        )
    except (ValueError, InvalidOperation):
        return None
