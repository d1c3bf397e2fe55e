"""A lead was bad: the buyer says why, the agency answers, staff decide, and the money follows at once.

What is found out about the lead stands in `findings`; where that, or a clock, decides by published rules: `verdicts`.
The side that lost may appeal once; somebody else decides that.
"""

from marketplace.disputes import afterthought, batches, corrections, deposits, findings, persons, reviews, verdicts
from marketplace.disputes.actions import (
    Verdict,
    add_evidence,
    answer,
    concede,
    decide,
    open_dispute,
    withdraw,
)
from marketplace.disputes.appealed import appealed_for, appeals_of
from marketplace.disputes.appeals import (
    Ruling,
    answer_appeal,
    appeal,
    decide_appeal,
)
from marketplace.disputes.evidence import evidence_of, open_for, picture_for
from marketplace.disputes.models import Appeal, Dispute, DisputeState, Evidence, Reason
from marketplace.disputes.queries import (
    DisputeLine,
    count_unanswered,
    counts_by_state,
    counts_to_decide,
    disputes_for,
    find_for,
    line_for,
    of_order,
    unanswered_for,
)
from marketplace.disputes.reasons import REASONS
from marketplace.disputes.uploads import Upload

__all__ = [
    "REASONS",
    "Appeal",
    "Dispute",
    "DisputeLine",
    "DisputeState",
    "Evidence",
    "Reason",
    "Ruling",
    "Upload",
    "Verdict",
    "add_evidence",
    "afterthought",
    "answer",
    "answer_appeal",
    "appeal",
    "appealed_for",
    "appeals_of",
    "batches",
    "concede",
    "corrections",
    "count_unanswered",
    "counts_by_state",
    "counts_to_decide",
    "decide",
    "decide_appeal",
    "deposits",
    "disputes_for",
    "evidence_of",
    "find_for",
    "findings",
    "line_for",
    "of_order",
    "open_dispute",
    "open_for",
    "persons",
    "picture_for",
    "reviews",
    "unanswered_for",
    "verdicts",
    "withdraw",
]
