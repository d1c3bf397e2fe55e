"""A listing that takes leads, made without a face."""

from marketplace import catalog
from marketplace.catalog import Listing, ListingState
from marketplace.catalog.schemas import ListingTerms
from marketplace.people import Who
from tests.factories.leads import make_listing


def open_listing(agency: Who, *, price_cents: int = 25_00) -> Listing:
    """An open, exclusive listing in education."""
    terms = ListingTerms().load(make_listing(price={"amount": price_cents, "currency": "USD"}))
    listing = catalog.create(agency, terms)
    return catalog.move(agency, listing.id, ListingState.ACTIVE)
