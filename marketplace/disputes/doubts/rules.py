"""Pure decisions about doubts: allowed changes of state, times and numbers (policy)."""

from collections.abc import Mapping
from datetime import timedelta

from marketplace.disputes.doubts.models import DoubtState

S = DoubtState
ALLOWED: Mapping[DoubtState, frozenset[DoubtState]] = {
    S.ASKED: frozenset({S.ANSWERED, S.PROPOSED, S.CLEARED}),
    S.ANSWERED: frozenset({S.PROPOSED, S.CLEARED}),
    S.PROPOSED: frozenset({S.PROVEN, S.ASKED, S.ANSWERED}),
    S.PROVEN: frozenset({S.LIFTED}),
    S.CLEARED: frozenset(),
    S.LIFTED: frozenset(),
}

#: how long a buyer is asked to answer
ANSWER_TIME = timedelta(days=14)
#: persons whom staff call
CALLS = 30
MOST_FILES = 20
