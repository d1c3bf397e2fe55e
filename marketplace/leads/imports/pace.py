"""How fast an import goes, by the chunks it finished last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from marketplace import events
from marketplace.events import Event
from marketplace.kit import clock
from marketplace.leads.models import Import

_CHUNKS = 9
_STILL = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a running import.

    Attributes:
        rows_a_second: None until two chunks are through.
        left: None while nothing can be said.
        still_since: when the last rows were finished, if nothing has moved for a while: no worker is free.
    """

    rows_a_second: float | None
    left: timedelta | None
    still_since: datetime | None


def pace_of(row: Import) -> Pace:
    """Of an import that has been found for its agency; pauses and crashes before the last chunks do not count."""
    chunks = events.latest(row.id, _CHUNKS, "leads.received", "import.resumed", "import.started")
    moved = chunks[0].at if chunks else row.created_at
    speed = _speed(chunks)
    left = timedelta(seconds=((row.rows or row.done) - row.done) / speed) if speed else None
    is_still = clock.now() - moved > _STILL
    return Pace(speed, None if is_still else left, moved if is_still else None)


def _speed(latest: Sequence[Event]) -> float | None:
    """Rows a second over the chunks since the last start; None when they tell nothing."""
    chunks = list(takewhile(lambda event: event.name == "leads.received", latest))
    if len(chunks) < 2:  # noqa: PLR2004  # the time between two
        return None
    seconds = (chunks[0].at - chunks[-1].at).total_seconds()
    rows = sum(event.data["accepted"] + event.data["rejected"] for event in chunks[:-1])
    return rows / seconds if seconds > 0 and rows else None
