"""The falling price on a listing's form: what a person typed as its steps, and a curve as the form shows it."""

import re
from collections.abc import Mapping
from typing import Any

from marketplace.catalog import Listing
from marketplace.catalog.price_curve import MOST_STEPS
from marketplace.catalog.schemas import MIN_PRICE
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money

PREFIX = "fall_"
#: the rows of the form
ROWS = range(1, MOST_STEPS + 1)
_WHOLE = re.compile("[0-9]{1,4}")


def read_curve(sent: Mapping[str, str], currency: str) -> tuple[dict[str, Any], dict[str, str]]:
    """`price_curve` as the schema takes it, where the form has its fields at all; and what cannot be read."""
    if f"{PREFIX}hours_1" not in sent:
        return {}, {}
    rows = [(_text(sent, f"hours_{row}"), _text(sent, f"percent_{row}").removesuffix("%").strip()) for row in ROWS]
    typed = [row for row in rows if any(row)]
    if not typed:
        return {"price_curve": None}, {}
    if not all(_WHOLE.fullmatch(text) for row in typed for text in row):
        return {}, {"price_curve": _("Write hours and per cent of each step as whole numbers, like 24 and 80.")}
    floor = _text(sent, "floor")
    try:
        least = parse_money(floor, currency) if floor else Money(MIN_PRICE, currency)
    except ValueError:
        return {}, {"price_curve": _("Write the price as a number, like 25 or 25.50.")}
    steps = [{"after_hours": int(hours), "percent": int(percent)} for hours, percent in typed]
    return {"price_curve": {"steps": steps, "floor": least.to_json()}}, {}


def shown_curve(listing: Listing) -> dict[str, str]:
    """A listing's curve as its form shows it."""
    curve = listing.curve
    if curve is None:
        return {}
    steps = {
        f"{PREFIX}{name}_{row}": str(value)
        for row, step in enumerate(curve.steps, start=1)
        for name, value in (("hours", step.after_hours), ("percent", step.percent))
    }
    return {**steps, f"{PREFIX}floor": f"{Money(curve.floor_cents, listing.currency).decimal}"}


def curve_errors(found: Mapping[str, Any]) -> dict[str, Any]:
    """Messages by the fields of the form: all that is wrong with a curve stands under it."""
    own = {name: words for name, words in found.items() if not name.startswith("price_curve.")}
    deep = [str(words) for name, words in found.items() if name.startswith("price_curve.")]
    return {**own, "price_curve": " ".join(dict.fromkeys(deep))} if deep else own


def _text(sent: Mapping[str, str], name: str) -> str:
    return sent.get(f"{PREFIX}{name}", "").strip()
