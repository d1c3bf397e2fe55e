"""How soon a buyer has contact with the persons whom it bought, beside what their temperature promises.

Only what the buyer reported is known: a lead of which it said nothing is counted apart, neither kept nor missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import text

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.measures import Share

#: within which time somebody is to be called (policy); a lead without a temperature is taken to be warm
PROMISES: Mapping[str, timedelta] = MappingProxyType(
    {"hot": timedelta(hours=1), "warm": timedelta(hours=24), "cold": timedelta(hours=72)}
)
_WINDOW = timedelta(days=90)
_COUNTS = text("""
WITH promised AS (
  SELECT kind, within FROM unnest(CAST(:kinds AS text[]), CAST(:within AS interval[])) AS p (kind, within)
)
SELECT p.kind, count(*) AS leads,
  count(*) FILTER (WHERE s.contacted_at <= s.placed_at + p.within) AS kept,
  count(*) FILTER (WHERE s.contacted_at > s.placed_at + p.within) AS late,
  percentile_cont(.5) WITHIN GROUP (ORDER BY s.contacted_at - s.placed_at) AS middle
FROM sold_leads s JOIN leads l ON l.id = s.lead_id JOIN promised p ON p.kind = coalesce(l.temperature, 'warm')
WHERE s.buyer_id = :buyer AND s.placed_at > :since AND s.placed_at + p.within <= :now AND s.fault IS NOT TRUE
GROUP BY p.kind
""")


@dataclass(frozen=True, slots=True)
class ContactTimes:
    """Leads of one temperature of the last 90 days whose time is over.

    `kept` were contacted within the `promise`, `late` after it; `median` is of both. The others were not reported.
    """

    temperature: str
    promise: timedelta
    leads: int
    kept: int
    late: int
    median: timedelta | None

    @property
    def untold(self) -> int:
        return self.leads - self.kept - self.late

    @property
    def share(self) -> Share | None:
        """The share that was kept of those reported, with its 80 % interval; None where nothing was."""
        return Share.of(self.kept, self.kept + self.late)


def contact_times_of(buyer_id: UUID) -> list[ContactTimes]:
    """Of a buyer, the hottest first; temperatures without leads are left out. Bad leads do not count."""
    now = clock.now()
    asked = {"kinds": list(PROMISES), "within": list(PROMISES.values()), "buyer": buyer_id}
    found = session().execute(_COUNTS, {**asked, "since": now - _WINDOW, "now": now})
    rows = {row.kind: row for row in found}
    return [
        ContactTimes(kind, promise, rows[kind].leads, rows[kind].kept, rows[kind].late, rows[kind].middle)
        for kind, promise in PROMISES.items()
        if kind in rows
    ]
