"""The limits of trials, and which change of state is allowed."""

from collections.abc import Mapping
from datetime import timedelta

from marketplace.kit import limits
from marketplace.quality.trials.models import TrialState

#: a learned model of so many rows fits into a worker's memory and its patience
MOST_MIB, MOST_ROWS = 20, 50_000
#: twenty of either outcome are learned from, and some are kept apart for judging
FEWEST_ROWS = 40
#: a column with more different values is no outcome
MOST_OUTCOMES = 20
MOST_COLUMNS = 100
#: rows times columns: what is learned of a cell takes a hundred bytes and more, and a worker runs other jobs beside
MOST_CELLS = 1_500_000
#: so often a look or a run may be begun
MOST_ATTEMPTS = 3
#: what nobody finished is thrown away after so long
KEPT_FOR = timedelta(hours=24)
#: one runs after the other, whoever's: nobody keeps the lane busy
RUNS_AN_HOUR = limits.Limit("trial_runs", 20, 3600)

S = TrialState
ALLOWED: Mapping[TrialState, frozenset[TrialState]] = {
    S.SENDING: frozenset({S.LOOKING, S.GONE}),
    S.LOOKING: frozenset({S.WAITING, S.FAILED, S.GONE}),
    S.WAITING: frozenset({S.RUNNING, S.GONE}),
    S.RUNNING: frozenset({S.WAITING, S.DONE, S.FAILED, S.GONE}),
    S.DONE: frozenset(),
    S.FAILED: frozenset(),
    S.GONE: frozenset(),
}
