"""What buyers see before they buy: masked previews, filters, counts. Never a contact detail."""

from marketplace.market.filters import Filters, FiltersIn
from marketplace.market.masked import MaskedLead
from marketplace.market.queries import browse, counts, find_all_for, find_for, public_counts, sample

__all__ = [
    "Filters",
    "FiltersIn",
    "MaskedLead",
    "browse",
    "counts",
    "find_all_for",
    "find_for",
    "public_counts",
    "sample",
]
