"""How sweeps of our own money go on."""

from collections.abc import Mapping

from marketplace.billing.models import SweepState

S = SweepState
ALLOWED: Mapping[SweepState, frozenset[SweepState]] = {
    S.ASKED: frozenset({S.UNKNOWN, S.SENT, S.REFUSED}),
    S.UNKNOWN: frozenset({S.SENT, S.REFUSED}),
    S.SENT: frozenset({S.PAID, S.FAILED}),
    S.PAID: frozenset({S.FAILED}),  # some banks send money back days later
    S.FAILED: frozenset(),
    S.REFUSED: frozenset(),
}
