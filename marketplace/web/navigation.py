"""The frame around a signed-in page: where one can go, the money at the foot, who one is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, request, url_for

from marketplace import billing, disputes, orders
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.orders.sales import deals
from marketplace.orders.sales import queries as sales
from marketplace.people import Power, Who
from marketplace.quality import agencies
from marketplace.web.session import who_or_none


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the navigation. `count` tells how many things wait there; `tab` puts it into the phone's bar.

    The bar shows the first five of those that the role opens. `also`: blueprints whose pages belong to it.
    """

    label: str
    endpoint: str
    icon: str
    key: str
    power: Power
    count: Callable[[Who], int] | None = None
    tab: bool = True
    also: tuple[str, ...] = ()


def _undecided_disputes(who: Who) -> int:
    return sum(disputes.counts_to_decide(who).values())


_AGENCY = (
    Item(_n("Overview"), "overview.show", "home", "o", Power.LISTINGS_READ),
    Item(_n("Listings"), "listings.index", "list-details", "l", Power.LISTINGS_READ),
    Item(_n("Imports"), "imports.index", "file-upload", "i", Power.LEADS_READ),
    Item(_n("Leads"), "leads.index", "inbox", "e", Power.LEADS_READ),
    Item(_n("Sales"), "sales.index", "receipt", "s", Power.LEADS_READ, sales.count_answerable, tab=False),
    Item(_n("Disputes"), "disputes.index", "gavel", "d", Power.DISPUTES_READ, disputes.count_unanswered),
    Item(_n("Quality"), "quality.show", "shield-check", "q", Power.LEADS_READ, tab=False),
    Item(_n("Earnings"), "balance.show", "coin", "m", Power.BALANCE_READ, tab=False),
    Item(_n("Team"), "team.index", "users", "t", Power.TEAM_READ, tab=False),
)
_BUYER = (
    Item(_n("Catalogue"), "catalog.index", "building-store", "c", Power.CATALOG_READ),
    Item(_n("Inbox"), "orders.index", "inbox", "i", Power.ORDERS_READ),
    Item(_n("Sales"), "sales.index", "receipt", "s", Power.ORDERS_READ, sales.count_pressing, tab=False),
    Item(_n("Disputes"), "disputes.index", "gavel", "d", Power.DISPUTES_READ, disputes.count_unanswered),
    Item(_n("Wallet"), "wallet.show", "wallet", "w", Power.WALLET_READ),
    Item(_n("Try the score"), "trials.index", "chart-bar", "y", Power.ORDERS_READ, tab=False),
    Item(_n("Team"), "team.index", "users", "t", Power.TEAM_READ),
)
_STAFF = (
    Item(
        _n("Disputes"),
        "admin_disputes.index",
        "gavel",
        "d",
        Power.DISPUTES_DECIDE,
        _undecided_disputes,
        also=("admin_reviews", "admin_batches"),
    ),
    Item(_n("Audits"), "admin_audits.index", "scale", "a", Power.DISPUTES_DECIDE, deals.count_audits),
    Item(_n("Reports"), "admin_reports.index", "receipt", "r", Power.DISPUTES_DECIDE, tab=False),
    Item(_n("Calls"), "admin_calls.index", "phone", "c", Power.DISPUTES_DECIDE, agencies.count_calls),
    Item(_n("Ratings"), "admin_ratings.index", "shield-check", "g", Power.ORGANISATIONS_VERIFY, tab=False),
    Item(_n("Organisations"), "admin_organisations.index", "building-store", "o", Power.ORGANISATIONS_VERIFY),
    Item(_n("Scores"), "admin_quality.show", "chart-bar", "q", Power.AUDIT_READ, tab=False),
    Item(_n("Money health"), "admin_money.show", "coin", "m", Power.LEDGER_READ),
    Item(_n("Team"), "team.index", "users", "t", Power.TEAM_READ),
)
_BY_KIND = {"agency": _AGENCY, "buyer": _BUYER, "staff": _STAFF}


def install(app: Flask) -> None:
    """Give every page `site`, and those of who is signed in `who` and `frame`."""
    app.context_processor(_around)


def home_of(who: Who) -> str:
    """Where a person starts: the first page of the navigation that the role opens."""
    items = [item for item in _BY_KIND[who.org_kind] if who.can(item.power)]
    return url_for(items[0].endpoint) if items else url_for("account.show")


class Frame:
    """What the layouts put around a page, counted when they ask for it: a part of a page has no frame.

    All are called: of a property that fails with an AttributeError a template would only show nothing.
    """

    def __init__(self, who: Who) -> None:
        self._who = who

    def nav(self) -> list[dict[str, Any]]:
        return self._counted

    @cached_property
    def _counted(self) -> list[dict[str, Any]]:
        return _lines(self._who)

    def money(self) -> list[tuple[str, Money]]:
        return _money(self._who)

    def me(self) -> dict[str, Any]:
        who = self._who
        return {"name": who.user_name, "org": who.org_name, "initials": _initials(who.user_name), "menu": _menu()}


def _around() -> dict[str, Any]:
    who = who_or_none()
    if who is None:
        return {"site": _site(url_for("front.show"), _("Sign in"), url_for("auth.sign_in"))}
    return {
        "who": who,
        "site": _site(home_of(who), _("Go to your account"), home_of(who)),
        "frame": Frame(who),
    }


def _site(home: str, way_in: str, href: str) -> dict[str, Any]:
    """What stands at the head and the foot of the pages that need no sign-in."""
    front, rules, proof = url_for("front.show"), url_for("front.terms"), url_for("proof.show")
    api = {"label": _("API"), "href": "/api/docs"}
    pages = [
        {"label": _("How it works"), "href": f"{front}#how"},
        {"label": _("Leads"), "href": f"{front}#leads"},
        {"label": _("Proof"), "href": proof, "current": request.blueprint == "proof"},
        {"label": _("Rules"), "href": rules, "current": request.endpoint == "front.terms"},
        api,
    ]
    foot = [
        {"label": _("Proof"), "href": proof},
        {"label": _("Terms"), "href": rules},
        {"label": _("Data processing"), "href": url_for("front.data_processing")},
        api,
    ]
    return {"home": home, "enter": {"label": way_in, "href": href}, "pages": pages, "foot": foot}


def _lines(who: Who) -> list[dict[str, Any]]:
    items = [item for item in _BY_KIND[who.org_kind] if who.can(item.power)]
    here = next((item for item in items if _is_below(item)), None) or next(filter(_is_of, items), None)
    return [
        {
            "label": _(item.label),
            "href": url_for(item.endpoint),
            "icon": item.icon,
            "key": item.key,
            "tab": item.tab,
            "count": item.count(who) if item.count else 0,
            "current": item is here,
        }
        for item in items
    ]


def _is_below(item: Item) -> bool:
    """The address says where one is: `/orders/.../dispute` is in the inbox."""
    return f"{request.path}/".startswith(f"{url_for(item.endpoint)}/")


def _is_of(item: Item) -> bool:
    return request.blueprint in (item.endpoint.partition(".")[0], *item.also)


def _money(who: Who) -> list[tuple[str, Money]]:
    if who.is_buyer and who.can(Power.WALLET_READ):
        available = billing.wallet_balances(who)[0]
        return [(_("Available"), available), (_("Held"), _held(who, available.currency))]
    if who.is_agency and who.can(Power.BALANCE_READ):
        payable = billing.payable_balances(who)[0]
        return [(_("Payable"), payable), (_("Held by buyers"), _held(who, payable.currency))]
    return []


def _held(who: Who, currency: str) -> Money:
    return Money(orders.held_for(who, currency), currency)


def _menu() -> list[dict[str, Any]]:
    return [
        {"label": _("Your account"), "href": url_for("account.show"), "icon": "user"},
        {"label": _("API keys"), "href": url_for("keys.index"), "icon": "key"},
        {"label": _("Sign out"), "href": url_for("auth.sign_out"), "icon": "logout", "post": True},
    ]


def _initials(name: str) -> str:
    words = [word for word in name.split() if word]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
