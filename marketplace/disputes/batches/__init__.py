"""A proven filler who was paid spoils the batch: every lead that came the same way is taken back, sold or not.

One member of staff proposes with the list and the money in view, another one approves; then it runs in chunks, and a
run that was cut off goes on where it stood.
"""

from marketplace.disputes.batches.actions import approve, propose, refuse
from marketplace.disputes.batches.models import Batch, BatchKind, BatchOrder, BatchState
from marketplace.disputes.batches.queries import (
    Extent,
    batches_for,
    extent_of,
    find_for,
    had_a_hand,
    kinds_of,
    lines_of,
    totals_by_org,
)
from marketplace.disputes.batches.voiding import running, void_some

__all__ = [
    "Batch",
    "BatchKind",
    "BatchOrder",
    "BatchState",
    "Extent",
    "approve",
    "batches_for",
    "extent_of",
    "find_for",
    "had_a_hand",
    "kinds_of",
    "lines_of",
    "propose",
    "refuse",
    "running",
    "totals_by_org",
    "void_some",
]
