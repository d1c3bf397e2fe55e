"""A suggested price in words, for the form of a listing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.billing.rules import CURRENCIES
from marketplace.catalog import VERTICALS, Exclusivity, Listing, ListingState
from marketplace.catalog.schemas import MAX_BUYERS
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.i18n import ngettext
from marketplace.people import Who
from marketplace.quality import prices
from marketplace.quality.prices import Advice, Offered
from marketplace.web import words
from marketplace.web.shapes import number, percent

_TITLES = {
    "quality": _l("Your record"),
    "exclusivity": _l("Sold to"),
    "freshness": _l("Age"),
    "volume": _l("Volume"),
    "competition": _l("Demand"),
    "qualification": _l("Qualified"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One factor: its name, what it rests on, and what it does to the price."""

    name: str
    words: str
    effect: str


def advice_for(who: Who, sent: Mapping[str, str], listing: Listing | None = None) -> Advice | None:
    """The advice for what a form holds; of a listing that was open before its own terms. None without a trade."""
    if listing is not None and (listing.state != ListingState.DRAFT or "vertical" not in sent):
        return prices.advise(who, prices.offered_by(listing))
    trade, currency = sent.get("vertical", ""), sent.get("currency", "")
    if trade not in VERTICALS:
        return None
    buyers = _buyers(sent.get("max_buyers", "")) if sent.get("exclusivity") == Exclusivity.SHARED else 1
    country = sent.get("default_country", "")[:2].upper()
    return prices.advise(who, Offered(trade, currency if currency in CURRENCIES else CURRENCIES[0], country, buyers))


def lines_of(advice: Advice) -> list[Line]:
    """The factors in words."""
    told = {factor.name: (factor.words, factor.value) for factor in advice.suggestion.factors}
    told["quality"] = (_record(advice), told["quality"][1])
    told["competition"] = (_demand(advice), told["competition"][1])
    told["freshness"] = (_("as it comes in"), told["freshness"][1])
    return [Line(str(_TITLES[name]), str(said), f"× {number(value, 2)}") for name, (said, value) in told.items()]


def base_words(advice: Advice) -> str:
    """What the usual price rests on."""
    trade = words.trade(advice.offered.vertical)
    if not advice.has_sales:
        return str(_("No sales yet in %(trade)s in this currency: a printed price to begin with.", trade=trade))
    if not advice.in_place:
        sold = ngettext("%(num)s lead", "%(num)s leads", advice.in_trade)
        return str(
            _("Median of %(sold)s of %(trade)s sold and kept in 90 days, none of them there.", sold=sold, trade=trade)
        )
    return str(
        _(
            "Median of what was paid and kept in 90 days: %(place)s in %(country)s, %(trade)s in the whole trade.",
            place=advice.in_place,
            country=words.country(advice.offered.country),
            trade=advice.in_trade,
        )
    )


def _record(advice: Advice) -> str:
    fault = advice.fault
    known = ngettext("%(num)s lead known", "%(num)s leads known", fault.leads) if fault.leads else _("none known yet")
    share = {"rate": percent(fault.rate, 1), "low": percent(fault.low, 1), "high": percent(fault.high, 1)}
    return str(
        _(
            "%(rate)s of your leads expected to be bad (80 percent: %(low)s to %(high)s; %(known)s)",
            known=known,
            **share,
        )
    )


def _demand(advice: Advice) -> str:
    demand = advice.demand
    if demand is None:
        return str(_("not counted yet"))
    return str(
        ngettext(
            "%(bought)s bought in 7 days, %(on_sale)s on sale now, %(num)s buyer with money",
            "%(bought)s bought in 7 days, %(on_sale)s on sale now, %(num)s buyers with money",
            demand.buyers,
            bought=number(demand.bought),
            on_sale=number(demand.on_sale),
        )
    )


def _buyers(text: str) -> int:
    return int(text) if text in {str(count) for count in range(2, MAX_BUYERS + 1)} else 3


def classes_of(advice: Advice) -> Sequence[tuple[str, str]]:
    """What leads of each qualification are paid, as names and words."""
    return [
        (each.qualification, f"× {number(each.ratio, 2)} · {ngettext('%(num)s sold', '%(num)s sold', each.count)}")
        for each in advice.classes
    ]


def facts_of(advice: Advice) -> Sequence[tuple[str, str]]:
    """Usual prices by place, as names and words."""
    return [
        (place.region, f"{place.price} · {ngettext('%(num)s sold', '%(num)s sold', place.count)}")
        for place in advice.places
    ]
