"""Pure decisions about leads and imports: which change of state is allowed, what may be shown of a place."""

import re
from collections.abc import Mapping
from datetime import timedelta

from rapidfuzz.distance import OSA

from marketplace.catalog.rules import ORIGINS
from marketplace.leads.models import ImportState, LeadState

#: the same person from the same agency within this time is the same lead
SAME_LEAD = timedelta(days=90)
#: how many leads a request may carry; more come as a file
MOST_AT_ONCE = 1_000

S = ImportState
IMPORT_ALLOWED: Mapping[ImportState, frozenset[ImportState]] = {
    S.GUESSING: frozenset({S.WAITING, S.RUNNING, S.FAILED, S.CANCELLED}),
    S.WAITING: frozenset({S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.PAUSED, S.DONE, S.FAILED, S.CANCELLED}),
    S.PAUSED: frozenset({S.RUNNING, S.CANCELLED}),
    S.DONE: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}

LEAD_ALLOWED: Mapping[LeadState, frozenset[LeadState]] = {
    LeadState.AVAILABLE: frozenset({LeadState.SOLD_OUT, LeadState.EXPIRED, LeadState.WITHDRAWN}),
    LeadState.SOLD_OUT: frozenset(),
    LeadState.EXPIRED: frozenset(),
    LeadState.WITHDRAWN: frozenset(),
}

#: signs dropped, added, changed or swapped with their neighbour: more is no slip but another person
MOST_SLIPS = 2
_REGION = re.compile(r"[A-Z]{2,3}")
_POSTAL = re.compile(r"[A-Z0-9]{3,10}")
_SHOWN_OF_POSTAL = 3
#: no country's code has more; ten digits are a telephone number in the wrong column
_MOST_DIGITS = 7


def shown_region(raw: str) -> str | None:
    """A region's code ("TX"); anything longer may say more about a person than a place and stays hidden."""
    code = raw.strip().upper()
    return code if _REGION.fullmatch(code) else None


def shown_postal(raw: str) -> str | None:
    """The first three characters of a postal code ("787"): an area, not a street."""
    code = re.sub(r"[\s-]", "", raw).upper()
    digits = sum(sign.isdigit() for sign in code)
    return code[:_SHOWN_OF_POSTAL] if _POSTAL.fullmatch(code) and 1 <= digits <= _MOST_DIGITS else None


def initials_of(first_name: str, last_name: str) -> str:
    """The first letters of the names, at most two, or an empty text."""
    letters = [next((sign for sign in name if sign.isalpha()), "") for name in (first_name, last_name)]
    return "".join(letters).upper()


def shown_channel(raw: object) -> str:
    """Where a lead came from, as one of the known words; anything else is `other`."""
    word = str(raw or "").strip().lower().replace("-", "_").replace(" ", "_")
    return word if word in ORIGINS else "other"


def distance(name: str, before: str, after: str) -> int:
    """How many slips lie between two forms of a field; of a phone the digits count, of the others case does not."""
    if name == "phone":
        return OSA.distance(re.sub(r"\D", "", before), re.sub(r"\D", "", after))
    return OSA.distance(before.strip().casefold(), after.strip().casefold())
