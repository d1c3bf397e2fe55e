"""Pure decisions about trials: which change of state is allowed, which texts and columns may be told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from marketplace.leads.reading import AMBER, guess_mapping, may_reach_somebody
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
#: one cell in so many that reaches somebody, and the column is about people
_TELLING = 50
_PERSONAL = frozenset({"first_name", "last_name", "full_name", "phone", "email", "social_url", "street", "ip"})

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


def is_shown(text: str) -> bool:
    """Whether a text from a cell may be told: none that could reach somebody."""
    return not may_reach_somebody(text)


def is_about_people(cells: int, reaching: int) -> bool:
    """Whether a column with so many filled cells, so many of which reach somebody, is never learned from."""
    return reaching * _TELLING >= max(cells, 1)


def personal_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> frozenset[str]:
    """The columns that the intake of leads would take for a name or a way to reach somebody."""
    found = guess_mapping(headers, sample).columns
    return frozenset(each.header for each in found if each.target in _PERSONAL and each.confidence >= AMBER)
