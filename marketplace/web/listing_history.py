"""The versions of a listing in words: what each one changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from marketplace.catalog import CommissionTerms, PriceCurve
from marketplace.catalog.models import ListingVersion
from marketplace.catalog.wording import curve_in_words, terms_in_words
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.web import words

#: in the order of `terms_in_words`
_OF_COMMISSION = {
    "commission": _n("Commission"),
    "repeat": _n("Counts"),
    "parts": _n("Paid"),
    "report": _n("Report due"),
    "returns": _n("Returns"),
    "reporting": _n("Reported"),
    "sharing": _n("Shared"),
}
_TITLES = {
    "title": _l("Title"),
    "vertical": _l("Trade"),
    "price": _l("Price"),
    "curve": _l("Price falls"),
    **{name: _l(title) for name, title in _OF_COMMISSION.items()},
    "exclusivity": _l("Sold to"),
    "window_days": _l("Days to dispute"),
    "temperature": _l("Temperature"),
    "origin": _l("Channel"),
    "incentive": _l("What the person was promised"),
    "kind": _l("Kind"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version: since when it holds, and for each changed term its name, the old value and the new one."""

    number: int
    since: datetime
    changes: Sequence[tuple[str, str, str]]


def history_of(versions: Sequence[ListingVersion]) -> list[Version]:
    """The versions, newest first as they come; the first one changed nothing."""
    first = [Version(version.number, version.created_at, []) for version in versions[-1:]]
    later = [Version(new.number, new.created_at, _changes(old.terms, new.terms)) for new, old in pairwise(versions)]
    return [*later, *first]


def buyers_in_words(exclusivity: str, most: int) -> str:
    """To how many buyers a lead is sold."""
    return str(_("one buyer") if exclusivity == "exclusive" else _("up to %(count)s buyers", count=most))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    before, after = _said(old), _said(new)
    return [(str(_TITLES[name]), before[name], after[name]) for name in _TITLES if before[name] != after[name]]


def _said(terms: Mapping[str, Any]) -> dict[str, str]:
    """The terms as a person reads them."""
    nothing, price = str(_("not said")), Money(terms["price_cents"], terms["currency"])
    curve = PriceCurve.of(terms.get("price_curve"))
    return {
        "title": terms["title"],
        "vertical": words.trade(terms["vertical"]),
        "price": str(price),
        "curve": curve_in_words(curve, price) if curve else str(_("not with age")),
        **_commission(terms),
        "exclusivity": buyers_in_words(terms["exclusivity"], terms["max_buyers"]),
        "window_days": str(terms["window_days"]),
        "temperature": words.temperature(terms["temperature"]) if terms["temperature"] else nothing,
        "origin": words.channel(terms["origin"]) if terms["origin"] else nothing,
        "incentive": terms["incentive"] or nothing,
        "kind": str(_("Targeted") if terms["kind"] == "targeted" else _("Consumer")),
    }


def _commission(terms: Mapping[str, Any]) -> dict[str, str]:
    """What a sale costs, as a person reads it; empty words where the lead has a price."""
    commission = CommissionTerms.of(terms)
    if commission is None:
        return dict.fromkeys(_OF_COMMISSION, "")
    told = [words for _name, words in terms_in_words(commission, terms["currency"])]
    return dict(zip(_OF_COMMISSION, told, strict=True))
