"""The form of a listing: what a person typed as terms of the catalogue, and terms as the form shows them."""

import re
from collections.abc import Mapping
from typing import Any

from marketplace.billing.rules import CURRENCIES
from marketplace.catalog import Exclusivity, Listing, ListingState, Pricing
from marketplace.catalog.schemas import ListingChange, ListingTerms
from marketplace.kit.errors import Invalid
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import parse_money
from marketplace.web import commission_forms
from marketplace.web.commission_forms import PREFIX, field_of, read_commission, shown_commission
from marketplace.web.curve_forms import curve_errors, read_curve, shown_curve

_NUMBERS = ("window_days", "max_buyers")
_OPTIONAL = ("temperature", "origin")
_CAN_BE_EMPTY = ("incentive",)
_SMALL_NUMBER = re.compile("[0-9]{1,4}")

#: what the form offers at first
PLAIN: Mapping[str, str] = {
    **commission_forms.PLAIN,
    "kind": "consumer",
    "exclusivity": Exclusivity.EXCLUSIVE.value,
    "max_buyers": "3",
    "window_days": "7",
    "currency": CURRENCIES[0],
}


def read_terms(sent: Mapping[str, str], listing: Listing | None = None) -> dict[str, Any]:
    """The terms that the form holds: all of them for a new listing or a draft, else only those that may change.

    Raises:
        Invalid: with the message of each field.
    """
    is_free = listing is None or listing.state == ListingState.DRAFT
    currency = _currency(sent) if listing is None or is_free else listing.currency
    is_per_sale = (sent.get("pricing") if listing is None or is_free else listing.pricing) == Pricing.PER_SALE
    typed, wrong = _typed(sent, currency, is_per_sale=is_per_sale)
    if is_per_sale:
        typed["commission"], wrong_there = read_commission(sent, currency)
        wrong |= wrong_there
    else:
        curve, wrong_curve = read_curve(sent, currency)
        typed, wrong = typed | curve, wrong | wrong_curve
    schema = ListingTerms() if is_free else ListingChange()
    try:
        terms: dict[str, Any] = read_form(schema, _texts(sent), keep_empty=_CAN_BE_EMPTY, **typed)
    except Invalid as why:
        raise Invalid(fields=_by_field({**why.fields, **wrong}, is_per_sale=is_per_sale)) from why
    if wrong:
        raise Invalid(fields=_by_field(wrong, is_per_sale=is_per_sale))
    return terms


def shown_terms(listing: Listing) -> dict[str, str]:
    """The listing as its form shows it."""
    names = ("vertical", "title", "kind", "exclusivity", "window_days", "default_country", "incentive", "currency")
    shown = {name: str(getattr(listing, name)) for name in names}
    optional = {name: getattr(listing, name) or "" for name in _OPTIONAL}
    buyers = PLAIN["max_buyers"] if listing.exclusivity == Exclusivity.EXCLUSIVE else str(listing.max_buyers)
    price = {"max_buyers": buyers, "price": f"{listing.price.decimal}"}
    return {**shown, **optional, **price, **shown_curve(listing), **shown_commission(listing)}


def _by_field(found: Mapping[str, Any], *, is_per_sale: bool) -> dict[str, Any]:
    """Messages by the fields of the form: what the schema calls the price is the deposit of a commission."""
    named = {field_of(name): words for name, words in curve_errors(found).items()}
    if is_per_sale and "price" in named:
        named[f"{PREFIX}deposit"] = named.pop("price")
    return named


def _typed(sent: Mapping[str, str], currency: str, *, is_per_sale: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form's texts stand for (money, numbers, nothing), and what cannot be read."""
    typed: dict[str, Any] = {name: sent[name] or None for name in _OPTIONAL if name in sent}
    wrong: dict[str, str] = {}
    is_shared = sent.get("exclusivity") == Exclusivity.SHARED
    numbers = {name: sent.get(name, "").strip() for name in _NUMBERS if is_shared or name != "max_buyers"}
    typed |= {name: int(text) for name, text in numbers.items() if _SMALL_NUMBER.fullmatch(text)}
    price = f"{PREFIX}deposit" if is_per_sale else "price"
    if text := sent.get(price, "").strip():
        try:
            typed["price"] = parse_money(text, currency)
        except ValueError:
            wrong["price"] = _("Write the price as a number, like 25 or 25.50.")
    return typed, wrong


def _texts(sent: Mapping[str, str]) -> dict[str, str]:
    """What the schema may read as it stands; a state is changed by its own button."""
    apart = {"state", "price", *_NUMBERS, *_OPTIONAL}
    return {name: text for name, text in sent.items() if name not in apart}


def _currency(sent: Mapping[str, str]) -> str:
    wanted = sent.get("currency", "")
    return wanted if wanted in CURRENCIES else CURRENCIES[0]
