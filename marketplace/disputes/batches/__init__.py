"""A proven filler who was paid spoils the batch: every lead that came the same way is taken back, sold or not.

One member of staff proposes with the list and the money in view, another one approves; then it runs in chunks, and a
run that was cut off goes on where it stood.
"""

from marketplace.disputes.batches.actions import approve, propose, refuse
from marketplace.disputes.batches.models import Batch, BatchKind, BatchOrder, BatchState
from marketplace.disputes.batches.proof import is_appealable, is_proof
from marketplace.disputes.batches.queries import (
    Extent,
    batches_for,
    count_proposed,
    extent_of,
    find_for,
    had_a_hand,
    kinds_of,
    lines_of,
    size_of,
    totals_by_org,
)
from marketplace.disputes.batches.voiding import end, left_after, running, take_off_sale, void_one

__all__ = [
    "Batch",
    "BatchKind",
    "BatchOrder",
    "BatchState",
    "Extent",
    "approve",
    "batches_for",
    "count_proposed",
    "end",
    "extent_of",
    "find_for",
    "had_a_hand",
    "is_appealable",
    "is_proof",
    "kinds_of",
    "left_after",
    "lines_of",
    "propose",
    "refuse",
    "running",
    "size_of",
    "take_off_sale",
    "totals_by_org",
    "void_one",
]
