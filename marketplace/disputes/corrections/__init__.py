"""A typo put right is no refund: the agency offers what a field should have been, the buyer tries it and says so.

The offer is sealed. The buyer sees it once it wants to try it; the lead itself changes only when it works.
"""

from marketplace.disputes.corrections.actions import due_after, end_one, forget, forget_left, offer, say, try_it
from marketplace.disputes.corrections.models import Correction, CorrectionState
from marketplace.disputes.corrections.queries import mendable_of, number_left, of_dispute, of_disputes, offered_value

__all__ = [
    "Correction",
    "CorrectionState",
    "due_after",
    "end_one",
    "forget",
    "forget_left",
    "mendable_of",
    "number_left",
    "of_dispute",
    "of_disputes",
    "offer",
    "offered_value",
    "say",
    "try_it",
]
