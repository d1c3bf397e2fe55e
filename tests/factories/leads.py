"""Leads and listings as scripts send them."""

import itertools
from typing import Any

from marketplace.kit import clock

_NUMBERS = itertools.count(1)
_AREAS = (212, 213, 305, 312, 404, 415, 512, 602, 617, 713)
ANSWERS = {
    "education": {},
    "home_services": {"service": "roofing"},
    "insurance": {"product": "car"},
}


def make_lead(**more: Any) -> dict[str, Any]:
    """A lead that is accepted: another person each time."""
    n = next(_NUMBERS)
    asked = clock.now().isoformat()
    return {
        "external_id": f"form-{n}",
        "first_name": "Maria",
        "last_name": "Sandoval",
        "phone": f"+1{_AREAS[n % 10]}{(n * 7919) % 700 + 220:03d}{(n * 104729) % 9000 + 1000:04d}",
        "email": f"maria.sandoval{n}@gmail.com",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
        "submitted_at": asked,
        "fill_seconds": 48,
        "channel": "search",
        "consent": {"text": "I agree to be contacted.", "version": "1", "at": asked, "method": "form"},
        "answers": {},
        **more,
    }


def make_listing(**more: Any) -> dict[str, Any]:
    """The terms of an exclusive listing at 25.00, as the API takes them."""
    return {
        "vertical": "education",
        "title": "Career courses",
        "pricing": "per_lead",
        "price": {"amount": 2500, "currency": "USD"},
        "exclusivity": "exclusive",
        "max_buyers": 1,
        "window_days": 7,
        "kind": "targeted",
        "default_country": "US",
        **more,
    }


def shared(buyers: int = 3, **more: Any) -> dict[str, Any]:
    """The terms of a listing whose leads are sold to several buyers."""
    return make_listing(exclusivity="shared", max_buyers=buyers, kind="consumer", **more)


_NAMES = itertools.cycle(
    ("Ingrid Okonkwo", "Peter Walsh", "Farah Hartmann", "Hugo Nakamura", "Ana Lindqvist", "Kofi Dube")
)


def somebody(**more: Any) -> dict[str, Any]:
    """A lead like `make_lead`, of a person who is not even like the last five."""
    name = next(_NAMES)
    first, last = name.split()
    return make_lead(**{"first_name": first, "last_name": last, "email": f"{last}{next(_NUMBERS)}@{first}.org", **more})
