"""What codes are called on a page: trades, channels, kinds of contact, places (Jinja filters)."""

from typing import Protocol

from babel import Locale
from flask import Flask

from marketplace.catalog import VERTICALS
from marketplace.disputes import REASONS, Reason
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.i18n import locale_code
from marketplace.kit.money import Money, format_money
from marketplace.leads.wording import CHANNELS

_CONTACT_TYPES = {
    "fast": _l("Fast: name and phone"),
    "registration": _l("Registration"),
    "promo": _l("Promo"),
    "interested": _l("Interested: in detail"),
}
_TEMPERATURES = {"cold": _l("Cold"), "warm": _l("Warm"), "hot": _l("Hot")}


class Placed(Protocol):
    """Something that says where a person is, as far as may be shown."""

    country: str
    region: str | None
    postal_prefix: str | None


class Initialled(Placed, Protocol):
    initials: str


def trade(slug: str) -> str:
    """A vertical by its title."""
    return str(_(VERTICALS[slug].title)) if slug in VERTICALS else slug


def channel(code: str) -> str:
    """Where a lead came from."""
    return str(CHANNELS.get(code, _("Other")))


def contact_type(code: str) -> str:
    """What kind of contact a lead is."""
    return str(_CONTACT_TYPES.get(code, code))


def temperature(code: str) -> str:
    """How warm a lead is, as its agency says."""
    return str(_TEMPERATURES.get(code, code))


def dispute_reason(code: str) -> str:
    """What a buyer says is wrong, in words."""
    return str(_(REASONS[Reason(code)].name))


def country(code: str) -> str:
    """A country in the reader's language."""
    return str(Locale.parse(locale_code()).territories.get(code, code))


def place(lead: Placed) -> str:
    """An area, never a street: TX 787; the country where nothing finer is known."""
    return " ".join(part for part in (lead.region, lead.postal_prefix) if part) or country(lead.country)


def short_name(lead: Initialled) -> str:
    """A bought lead in a list: first letters and area; no contact is opened for it."""
    letters = " ".join(f"{letter}." for letter in lead.initials) or str(_("No name"))
    return f"{letters}, {place(lead)}"


def cents(amount: int, currency: str) -> str:
    """Minor units as money."""
    return format_money(Money(amount, currency))


FILTERS = (cents, trade, channel, contact_type, temperature, dispute_reason, country, place, short_name)


def install(app: Flask) -> None:
    """Give templates the filters by their names."""
    app.jinja_env.filters.update({word.__name__: word for word in FILTERS})


#: how somebody can have agreed, by the word that is stored with the lead
CONSENT_METHODS = {
    "form_checkbox": _l("Box ticked on the form"),
    "spoken": _l("Said on the phone, recorded"),
    "paper": _l("Signed on paper"),
    "other": _l("Another way"),
}
