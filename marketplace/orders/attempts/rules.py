"""How many tries are enough to say that somebody cannot be reached."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

LEAST_TRIES, LEAST_DAYS = 4, 2
#: so many may be logged of one lead
MOST = 50


class Tally(NamedTuple):
    """Tries that reached nobody, and on how many days (UTC) they were."""

    tries: int
    days: int

    @property
    def is_enough(self) -> bool:
        return self.tries >= LEAST_TRIES and self.days >= LEAST_DAYS


def tally(times: Collection[datetime]) -> Tally:
    """Count tries by their times."""
    return Tally(len(times), len({at.date() for at in times}))
