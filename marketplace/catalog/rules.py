"""Pure decisions about listings: which change of state is allowed, what a version of the terms holds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.catalog.models import Listing, ListingState

S = ListingState
ALLOWED: Mapping[ListingState, frozenset[ListingState]] = {
    S.DRAFT: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ACTIVE: frozenset({S.PAUSED, S.ARCHIVED}),
    S.PAUSED: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
}

#: what a buyer buys under; a change of any of these makes a new version
TERMS = (
    "vertical",
    "title",
    "kind",
    "pricing",
    "price_cents",
    "currency",
    "commission",
    "price_curve",
    "exclusivity",
    "max_buyers",
    "window_days",
    "temperature",
    "origin",
    "incentive",
)

#: what may still change once leads may have been received under it
CHANGEABLE = frozenset(
    {
        "title", "price_cents", "commission", "price_curve", "window_days", "temperature", "origin", "incentive",
        "default_country",
    }
)  # fmt: skip

#: how many days a buyer may have to dispute
LEAST_WINDOW, MOST_WINDOW = 3, 14
#: so long after a window became shorter the longer one still holds for who buys: nobody reads a page for longer
WINDOW_KEPT = timedelta(hours=24)

ORIGINS = (
    "site_form", "landing_page", "popup", "chat", "call_in", "call_out", "email", "search", "contextual", "social",
    "banner", "retargeting", "teaser", "seo", "blog", "video", "messenger", "event", "contest", "partner", "flyer",
    "aggregator", "other",
)  # fmt: skip


def terms_of(listing: Listing) -> dict[str, Any]:
    """The terms of this moment as plain JSON."""
    return {name: getattr(listing, name) for name in TERMS}
