"""A lead was bad: the buyer says why, the agency answers, staff decide, and the money follows at once."""

from marketplace.disputes.actions import (
    Verdict,
    add_evidence,
    answer,
    concede,
    decide,
    open_dispute,
    withdraw,
)
from marketplace.disputes.evidence import Upload, evidence_of, open_for
from marketplace.disputes.models import Dispute, DisputeState, Evidence, Reason
from marketplace.disputes.queries import (
    DisputeLine,
    counts_by_state,
    disputes_for,
    find_for,
    line_for,
    of_order,
    queue_for,
)
from marketplace.disputes.rules import REASONS

__all__ = [
    "REASONS",
    "Dispute",
    "DisputeLine",
    "DisputeState",
    "Evidence",
    "Reason",
    "Upload",
    "Verdict",
    "add_evidence",
    "answer",
    "concede",
    "counts_by_state",
    "decide",
    "disputes_for",
    "evidence_of",
    "find_for",
    "line_for",
    "of_order",
    "open_dispute",
    "open_for",
    "queue_for",
    "withdraw",
]
