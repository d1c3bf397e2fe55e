"""Many sold leads with a known end, written straight into the tables: what took months in life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.leads.models import Lead
from marketplace.quality import scores
from marketplace.quality.facts import LeadAudit, SoldLead
from marketplace.quality.scores import LeadScore

_CLONE = text("""
INSERT INTO leads SELECT (jsonb_populate_record(l, jsonb_build_object('id', told.id, 'external_id', NULL,
  'state', 'sold_out', 'slots_taken', l.slots_total))).*
FROM leads l, unnest(CAST(:ids AS uuid[])) AS told(id) WHERE l.id = :pattern
""")


@dataclass(frozen=True)
class End:
    """How one sold lead was scored and how it ended.

    `told`: whether the buyer said what became of it.
    `audit`: the rate in basis points of an audit by lot that came to the same as `fault`.
    """

    signs: tuple[str, ...] = ()
    lead: dict[str, Any] | None = None
    fault: bool | None = False
    won: bool = False
    told: bool = True
    ago_days: float = 100
    audit: int | None = None
    fault_reason: str = "upheld"


def sell(pattern_id: str, buyer_id: UUID, ends: Sequence[End]) -> list[UUID]:
    """Leads like this one, each sold to the buyer and ended as told, the first one first; their ids."""
    with transaction():
        pattern = session().get_one(Lead, UUID(pattern_id))
        ids = [new_id() for _ in ends]
        session().execute(_CLONE, {"ids": ids, "pattern": pattern.id})
        models = scores.serving()
        told = list(zip(ids, ends, strict=True))
        session().execute(insert(LeadScore), [_score(lead_id, end, models) for lead_id, end in told])
        sold = [_sold(pattern, lead_id, buyer_id, end) for lead_id, end in told]
        session().execute(insert(SoldLead), sold)
        audits = [_audit(row, end) for row, end in zip(sold, ends, strict=True) if end.audit]
        if audits:
            session().execute(insert(LeadAudit), audits)
    return ids


def lead_ids() -> list[UUID]:
    return list(session().scalars(select(Lead.id).order_by(Lead.id)))


def _score(lead_id: UUID, end: End, models: scores.Serving) -> dict[str, Any]:
    inputs = {"signs": list(end.signs), "agency_ratio": None, "lead": end.lead or {}}
    counted = scores.count(inputs, models, "education")
    return {"lead_id": lead_id, "inputs": inputs, "scored_at": _then(end), **counted}


def _sold(pattern: Lead, lead_id: UUID, buyer_id: UUID, end: End) -> dict[str, Any]:
    then = _then(end)
    return {
        "order_id": new_id(),
        "lead_id": lead_id,
        "listing_id": pattern.listing_id,
        "agency_id": pattern.agency_id,
        "buyer_id": buyer_id,
        "vertical": pattern.vertical,
        "channel": pattern.channel,
        "sub_id": None,
        "is_per_sale": False,
        "price_cents": 2500,
        "currency": "USD",
        "placed_at": then,
        "matured_at": None if end.fault is None else then + timedelta(days=7),
        "fault": end.fault,
        "fault_reason": end.fault_reason if end.fault else None,
        "disputed": bool(end.fault),
        "stage": "won" if end.won else "lost" if end.told else "new",
        "won_at": then + timedelta(days=3) if end.won else None,
        "won_cents": 9_900 if end.won else None,
    }


def _audit(sold: dict[str, Any], end: End) -> dict[str, Any]:
    return {
        "order_id": sold["order_id"],
        "lead_id": sold["lead_id"],
        "agency_id": sold["agency_id"],
        "channel": sold["channel"],
        "rate_bp": end.audit,
        "drawn_at": sold["placed_at"],
        "state": "failed" if end.fault else "passed",
        "finding": "did_not_ask" if end.fault else "asked",
        "decided_at": sold["placed_at"],
    }


def _then(end: End) -> datetime:
    return clock.now() - timedelta(days=end.ago_days)
