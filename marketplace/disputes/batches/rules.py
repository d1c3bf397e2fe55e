"""Pure decisions about batches: the allowed changes, and which orders give their money back at once."""

from collections.abc import Mapping

from marketplace.disputes.batches.models import BatchState
from marketplace.disputes.models import Dispute, DisputeState, Reason
from marketplace.orders import OrderState

S = BatchState
ALLOWED: Mapping[BatchState, frozenset[BatchState]] = {
    S.PROPOSED: frozenset({S.RUNNING, S.REFUSED}),
    S.RUNNING: frozenset({S.DONE}),
    S.DONE: frozenset(),
    S.REFUSED: frozenset(),
}

#: the published rule that every verdict of a batch cites
RULE = "hired_batch"

#: money that is still with us goes back at once
GIVES_BACK = frozenset({OrderState.HELD, OrderState.PARTLY_REFUNDED, OrderState.DISPUTED, OrderState.ACQUIRED})
#: money that is with the agency is clawed back, by two persons for each order
WITH_AGENCY = frozenset({OrderState.RELEASED})


def proves(dispute: Dispute) -> bool:
    """Whether a dispute proves that somebody was paid to fill in the form: upheld for that reason, in full."""
    return dispute.reason == Reason.HIRED and dispute.state == DisputeState.UPHELD
