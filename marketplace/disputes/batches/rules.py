"""Pure decisions about batches: the allowed changes, and which orders give their money back at once."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.disputes.batches.models import BatchState
from marketplace.disputes.models import Appeal, AppealState, Dispute, DisputeState, Reason
from marketplace.disputes.verdicts.models import By
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

_GIVES_BACK = frozenset({OrderState.HELD, OrderState.PARTLY_REFUNDED, OrderState.DISPUTED, OrderState.ACQUIRED})


class Fate(StrEnum):
    """What becomes of the money of an order: it goes back at once, or two persons claw it back from the agency."""

    BACK = "back"
    CLAW_BACK = "claw_back"


def fate_of(state: OrderState, *, is_per_sale: bool) -> Fate | None:
    """None where nothing moves. Of what is paid by the sale only a deposit goes back, and only before a report."""
    if state == OrderState.RELEASED:
        return None if is_per_sale else Fate.CLAW_BACK
    if state not in _GIVES_BACK or (state == OrderState.HELD and is_per_sale):
        return None
    return Fate.BACK


def proves(dispute: Dispute, appeal: Appeal | None, by: By | None, *, is_voided: bool) -> bool:
    """Whether a dispute proves that somebody was paid to fill in the form: upheld for that reason, in full, and so far
    not overturned. Silence and time prove nothing, nor does what a batch took back.

    Args:
        appeal: the agency's.
        by: why it decided itself; None where people decided.
        is_voided: whether its order was taken back with a batch.
    """
    upheld = dispute.reason == Reason.HIRED and dispute.state == DisputeState.UPHELD
    stands = appeal is None or appeal.state == AppealState.LOST
    return upheld and stands and by in (None, By.FACTS) and not is_voided
