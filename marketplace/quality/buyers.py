"""How a buyer stands, as the agencies that sold to it read it: how soon it calls, its disputes, its reports of sales.

Only counts, each over at most the newest 2,000 leads of which it can be known; whom it bought from, and whom it
called, is left out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, text

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people import Organisation, OrgKind, Power, Who
from marketplace.quality.contact_times import PROMISES
from marketplace.quality.facts import SoldLead

#: POLICY: of fewer leads, or disputes, nothing is said but their number
FEWEST = 5
#: POLICY: of so many, the newest, a share is known to a percent or so
NEWEST = 2_000
_YEAR = timedelta(days=365)
#: one row for each part of each buyer: how many, and what came of them
_COUNTS = text("""
WITH promised AS (
  SELECT kind, within FROM unnest(CAST(:kinds AS text[]), CAST(:within AS interval[])) AS p (kind, within)
), asked AS (
  SELECT id FROM unnest(CAST(:buyers AS uuid[])) AS b (id)
), due AS (
  SELECT s.*, p.kind FROM asked a CROSS JOIN promised p
  CROSS JOIN LATERAL (
    SELECT lead_id, buyer_id, placed_at, contacted_at, fault FROM sold_leads
    WHERE buyer_id = a.id AND placed_at > :since AND placed_at <= CAST(:now AS timestamptz) - p.within
    ORDER BY placed_at DESC LIMIT :newest
  ) s
  JOIN leads l ON l.id = s.lead_id AND coalesce(l.temperature, 'warm') = p.kind
), matured AS (
  SELECT s.* FROM asked a
  CROSS JOIN LATERAL (
    SELECT buyer_id, disputed, fault, fault_reason FROM sold_leads
    WHERE buyer_id = a.id AND placed_at > :since AND matured_at IS NOT NULL ORDER BY placed_at DESC LIMIT :newest
  ) s
), tested AS (
  SELECT t.* FROM asked a
  CROSS JOIN LATERAL (
    SELECT buyer_id, reported, chance FROM tested_leads WHERE buyer_id = a.id AND chance IS NOT NULL
    ORDER BY entered_at DESC LIMIT :newest
  ) t
)
SELECT buyer_id, kind AS part, count(*) AS leads, count(contacted_at) AS one, 0 AS two, 0.0 AS three,
  percentile_cont(.5) WITHIN GROUP (ORDER BY contacted_at - placed_at) AS middle
FROM due WHERE fault IS NOT TRUE GROUP BY buyer_id, kind
UNION ALL
SELECT buyer_id, 'disputes', count(*), count(*) FILTER (WHERE disputed),
  count(*) FILTER (WHERE disputed AND fault AND fault_reason NOT LIKE 'audit%'),
  count(*) FILTER (WHERE disputed AND (NOT fault OR fault_reason LIKE 'audit%')), NULL
FROM matured GROUP BY buyer_id HAVING count(*) >= :fewest
UNION ALL
SELECT buyer_id, 'sales', count(*), count(*) FILTER (WHERE reported), 0, sum(chance), NULL
FROM tested GROUP BY buyer_id HAVING count(*) >= :fewest
""")


@dataclass(frozen=True, slots=True)
class FirstContact:
    """Leads of one temperature whose time is over, bad ones left out; of `told` it is known when contact was.

    `median` is of these, from the purchase on; None below 5.
    """

    temperature: str
    promise: timedelta
    leads: int
    told: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Disputed:
    """Of `leads` that have matured `opened` were disputed; of these the agency was at fault in `upheld`, not in `lost`.

    What is open, or can be appealed, is in none of them.
    """

    leads: int
    opened: int
    upheld: int
    lost: int


@dataclass(frozen=True, slots=True)
class Reported:
    """Leads paid by the sale, with a chance of a calibrated model: sales reported beside what the chances add up to."""

    leads: int
    reported: int
    expected: float


@dataclass(frozen=True, slots=True)
class BuyerStanding:
    """How a buyer stood in the last 365 days; its reports since they are tested; of each the newest 2,000.

    None: below 5 leads, too few yet.
    """

    buyer_id: UUID
    contacts: Sequence[FirstContact]
    disputes: Disputed | None
    sales: Reported | None


def standing_for(who: Who, buyer_id: UUID) -> BuyerStanding:
    """How a buyer stands: for agencies that sold to it, for staff, and for itself. Raises NotFound, Forbidden."""
    who.need(Power.LEADS_READ if who.is_agency else Power.ORDERS_READ if who.is_buyer else Power.ORGANISATIONS_VERIFY)
    if not _may_read(who, buyer_id):
        raise NotFound
    return standings_of([buyer_id])[buyer_id]


def standings_of(buyer_ids: Collection[UUID]) -> Mapping[UUID, BuyerStanding]:
    """How these buyers stand; the caller has found a purchase of each for somebody."""
    now = clock.now()
    asked = {"kinds": list(PROMISES), "within": list(PROMISES.values()), "fewest": FEWEST, "newest": NEWEST}
    times = {"now": now, "since": now - _YEAR}
    rows = session().execute(_COUNTS, {**asked, **times, "buyers": list(buyer_ids)}) if buyer_ids else ()
    parts = {(row.buyer_id, row.part): row for row in rows}
    return {buyer_id: _standing(buyer_id, parts) for buyer_id in buyer_ids}


def _standing(buyer_id: UUID, parts: Mapping[tuple[UUID, str], Any]) -> BuyerStanding:
    contacts = [
        FirstContact(kind, promise, row.leads, row.one, row.middle if row.one >= FEWEST else None)
        for kind, promise in PROMISES.items()
        if (row := parts.get((buyer_id, kind)))
    ]
    disputes, sales = parts.get((buyer_id, "disputes")), parts.get((buyer_id, "sales"))
    return BuyerStanding(
        buyer_id,
        contacts,
        Disputed(disputes.leads, disputes.one, disputes.two, int(disputes.three)) if disputes else None,
        Reported(sales.leads, sales.one, sales.three) if sales else None,
    )


def _may_read(who: Who, buyer_id: UUID) -> bool:
    if who.is_agency:
        sold = exists().where(SoldLead.agency_id == who.org_id, SoldLead.buyer_id == buyer_id)
        return bool(session().scalar(select(sold)))
    buyer = session().get(Organisation, buyer_id)
    is_one = buyer is not None and buyer.kind == OrgKind.BUYER.value
    return is_one and (who.is_staff or buyer_id == who.org_id)
