"""Pure decisions about alarms: the allowed changes, when calls confirm one, when an agency is back."""

import math
from collections.abc import Iterable, Mapping

from marketplace.quality.agencies.models import AlarmState

S = AlarmState
ALLOWED: Mapping[AlarmState, frozenset[AlarmState]] = {
    S.RINGING: frozenset({S.CONFIRMED, S.ENDED}),
    S.CONFIRMED: frozenset({S.LIFTED}),
    S.ENDED: frozenset(),
    S.LIFTED: frozenset(),
}

#: POLICY: so many people are to be reached before an alarm is confirmed or ended, if there are as many to ask
CALLS = 20
#: POLICY: an ordinary channel would show as many bad leads in one of twenty cases
SURE = 0.05
#: POLICY: so many good leads one after another bring a suspended agency back
CLEAN = 30
#: POLICY: for so long an agency that came back has grade E, unless its record earns a better one later
BACK_DAYS = 60


def is_confirmed(failed: int, reached: int, expected: float) -> bool:
    """Whether that many failed of the people reached would be rare where `expected` (0..1) is the share of faults.

    The word of one person alone confirms nothing, however rare.
    """
    return failed > 1 and at_least(failed, reached, expected) <= SURE


def at_least(failed: int, reached: int, share: float) -> float:
    """The chance of as many, or more, of `reached` when each fails with this chance (binomial)."""
    return sum(math.comb(reached, n) * share**n * (1 - share) ** (reached - n) for n in range(failed, reached + 1))


def in_a_row(passed: Iterable[bool]) -> int:
    """How many passed since the last one that did not. passed: oldest first."""
    count = 0
    for is_good in passed:
        count = count + 1 if is_good else 0
    return count
