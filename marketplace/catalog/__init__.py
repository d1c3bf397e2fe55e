"""What is offered: trades with their own fields (verticals), and agencies' offers in them (listings)."""

from marketplace.catalog.actions import change, create, move
from marketplace.catalog.errors import ListingNotOpen
from marketplace.catalog.models import Exclusivity, Listing, ListingState
from marketplace.catalog.queries import (
    by_id_for,
    counts_by_state,
    find_for,
    listings_for,
    open_listings_for,
    terms_at,
    versions_for,
)
from marketplace.catalog.verticals import VERTICALS, Vertical, vertical

__all__ = [
    "VERTICALS",
    "Exclusivity",
    "Listing",
    "ListingNotOpen",
    "ListingState",
    "Vertical",
    "by_id_for",
    "change",
    "counts_by_state",
    "create",
    "find_for",
    "listings_for",
    "move",
    "open_listings_for",
    "terms_at",
    "versions_for",
    "vertical",
]
