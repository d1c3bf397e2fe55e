"""An agency's offers."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from marketplace import catalog
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.catalog import Listing, ListingState
from marketplace.catalog.schemas import ListingChange, ListingOut, ListingTerms
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("listings", "Listings")


class ListingsIn(PageIn):
    state = fields.String(validate=validate.OneOf([state.value for state in ListingState]))


@resource.get("/listings")
@resource.arguments(ListingsIn, location="query")
@resource.response(200, page_of(ListingOut))
def listings(query: dict[str, Any]) -> Page[Listing]:
    """Your listings, newest first"""
    return catalog.listings_for(caller(), query["ask"], query.get("state"))


@resource.post("/listings")
@takes_key
@resource.arguments(ListingTerms)
@resource.response(201, ListingOut)
def create(terms: dict[str, Any]) -> Listing:
    """Make a draft

    It takes no leads until `PATCH {"state": "active"}` opens it.
    """
    who = caller()
    with transaction():
        return catalog.find_for(who, once(who, lambda: catalog.create(who, terms).id))


@resource.get("/listings/<uuid:listing_id>")
@resource.response(200, ListingOut)
def listing(listing_id: UUID) -> Listing:
    """One of your listings"""
    return catalog.find_for(caller(), listing_id)


@resource.patch("/listings/<uuid:listing_id>")
@resource.arguments(ListingChange)
@resource.response(200, ListingOut)
def change(changes: dict[str, Any], listing_id: UUID) -> Listing:
    """Change terms, open, pause or archive

    A change of a term makes a new version; sales keep the version that they were made under. A shorter window holds for
    who buys 24 hours later or more.
    """
    who, state = caller(), changes.pop("state", None)
    with transaction():
        changed = catalog.change(who, listing_id, changes)
        return catalog.move(who, listing_id, state) if state else changed
