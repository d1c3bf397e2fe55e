"""Pure decisions about trials: which change of state is allowed, which texts and columns may be told."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from marketplace.kit.text import fold, listed
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
#: words in the heading of a column that may name people; its cells decide
_OF_PEOPLE = frozenset(
    listed(
        "client|customer|contact|person|name|signed|signatory|owner|agent|rep|representative|manager|seller|applicant"
        "|patient|tenant|resident|guest|member|student|by"
    )
)
_PROPER_NAME = re.compile(r"[^\W\d_]+[.]?(?:['’-][^\W\d_]+)*(?: [^\W\d_]+[.]?(?:['’-][^\W\d_]+)*){1,3}")
_LONGEST_NAME = 60
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?,? (?:[^\W\d][\w.'’-]* ){1,4}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|highway|hwy|parkway|pkwy)\b"
    r"|\b\w+(?:stra(?:ß|ss)e|str[.]|gasse|allee|platz) ?\d",
    re.IGNORECASE,
)
#: a street stands in a short text or at its beginning
_BEGINNING = 500

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
    """Whether a text from a cell may be told: none that could reach somebody, by mail, phone or on foot."""
    return not may_reach_somebody(text) and not _STREET.search(text[:_BEGINNING])


def is_like_a_name(text: str) -> bool:
    """Two to four words that each begin with a capital, as persons are written; many a thing is, too."""
    words = text.split(" ")
    is_short = len(text) <= _LONGEST_NAME and all(word[:1].isupper() for word in words)
    return is_short and _PROPER_NAME.fullmatch(text) is not None


def names_people(header: str, cells: int, alike: int) -> bool:
    """Whether a column whose heading may name people does: half of its filled cells and more are like a name."""
    return bool(_OF_PEOPLE & set(fold(header).split())) and alike * 2 >= max(cells, 1)


def is_about_people(cells: int, reaching: int) -> bool:
    """Whether a column with so many filled cells, so many of which reach somebody, is never learned from."""
    return reaching * _TELLING >= max(cells, 1)


def personal_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> frozenset[str]:
    """The columns that the intake of leads would take for a name or a way to reach somebody."""
    found = guess_mapping(headers, sample).columns
    return frozenset(each.header for each in found if each.target in _PERSONAL and each.confidence >= AMBER)
