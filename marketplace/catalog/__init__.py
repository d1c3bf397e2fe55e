"""What is offered: trades with their own fields (verticals), and agencies' offers in them (listings)."""

from marketplace.catalog.actions import change, create, move, set_grade_terms
from marketplace.catalog.commission import Channel, CommissionTerms, Pricing
from marketplace.catalog.errors import ListingNotOpen
from marketplace.catalog.models import Exclusivity, FullAgency, GradeTerms, Listing, ListingState
from marketplace.catalog.price_curve import PriceCurve, price_column
from marketplace.catalog.queries import (
    all_grade_terms,
    by_id_for,
    counts_by_state,
    find_for,
    fullness_of,
    grade_terms_for,
    grade_terms_page_for,
    listings_for,
    newcomer_terms,
    one_of_grade,
    open_listings_for,
    terms_at,
    terms_by_grade,
    terms_of_agency,
    terms_of_versions,
    versions_for,
)
from marketplace.catalog.verticals import VERTICALS, Vertical, vertical

__all__ = [
    "VERTICALS",
    "Channel",
    "CommissionTerms",
    "Exclusivity",
    "FullAgency",
    "GradeTerms",
    "Listing",
    "ListingNotOpen",
    "ListingState",
    "PriceCurve",
    "Pricing",
    "Vertical",
    "all_grade_terms",
    "by_id_for",
    "change",
    "counts_by_state",
    "create",
    "find_for",
    "fullness_of",
    "grade_terms_for",
    "grade_terms_page_for",
    "listings_for",
    "move",
    "newcomer_terms",
    "one_of_grade",
    "open_listings_for",
    "price_column",
    "set_grade_terms",
    "terms_at",
    "terms_by_grade",
    "terms_of_agency",
    "terms_of_versions",
    "versions_for",
    "vertical",
]
