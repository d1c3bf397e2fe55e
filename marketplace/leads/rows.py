"""From a judged lead to the rows of its tables: what is shown goes into columns, all else into the sealed blob."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from marketplace.catalog import Listing, vertical
from marketplace.checks import Judgement, Outcome, Result, evidence_of, qualify
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.schemas import TERRITORIES
from marketplace.leads.contact import seal_contact
from marketplace.leads.models import LeadState
from marketplace.leads.references import canonical_profile, reference
from marketplace.leads.rules import initials_of, shown_channel, shown_postal, shown_region


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead on its way in: its fields, and the verdict; no verdict means that the fields did not even fit."""

    lead: Mapping[str, Any]
    judgement: Judgement | None
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def external_id(self) -> str | None:
        return reference(self.lead, "external_id")

    @property
    def digests(self) -> dict[str, bytes]:
        """Keyed digests of the person's phone, e-mail and profile in their canonical forms."""
        if self.judgement is None:
            return {}
        profile = canonical_profile(str(self.lead.get("social_url") or ""))
        channels = {"phone": self.judgement.phone, "email": self.judgement.email, "profile": profile}
        return {kind: blind_index(kind, value) for kind, value in channels.items() if value}


def lead_row(
    listing: Listing, arrival: Arrival, judgement: Judgement, lead_id: UUID, head_start: timedelta
) -> dict[str, Any]:
    """The columns of `leads` for an accepted lead. head_start: what the agency's grade brings in the catalogue."""
    lead, now = arrival.lead, clock.now()
    trade = vertical(listing.vertical)
    shown = evidence_of(trade, judgement.answers)
    submitted = min(judgement.submitted_at or now, now)
    return {
        "id": lead_id,
        "agency_id": listing.agency_id,
        "listing_id": listing.id,
        "external_id": arrival.external_id,
        "vertical": listing.vertical,
        "state": LeadState.AVAILABLE,
        "slots_total": listing.max_buyers,
        "slots_taken": 0,
        "country": judgement.country if judgement.country in TERRITORIES else listing.default_country,
        "region": shown_region(str(lead.get("region") or "")),
        "postal_prefix": shown_postal(str(lead.get("postal_code") or "")),
        "initials": _initials(lead),
        "contact_type": judgement.contact_type.value,
        "temperature": listing.temperature,
        "qualification": qualify(shown),
        "channel": shown_channel(lead.get("channel") or listing.origin),
        "sub_id": reference(lead, "sub_id"),
        "campaign": reference(lead, "campaign"),
        "preview": _preview(listing, judgement),
        "checks": {**_checks(judgement), "shows": shown},
        "sealed": seal_contact(lead_id, lead, judgement.answers, judgement.phone),
        "submitted_at": submitted,
        "place": submitted + head_start,
        "expires_at": submitted + timedelta(days=trade.max_age_days),
        "received_at": now,
    }


def key_rows(listing: Listing, arrival: Arrival, lead_id: UUID) -> list[dict[str, Any]]:
    """The rows of `lead_keys` for an accepted lead."""
    return [
        {
            "lead_id": lead_id,
            "kind": kind,
            "agency_id": listing.agency_id,
            "digest": digest,
            "received_at": clock.now(),
        }
        for kind, digest in arrival.digests.items()
    ]


def _preview(listing: Listing, judgement: Judgement) -> dict[str, Any]:
    shown = {f.name: f.preview_of(judgement.answers.get(f.name)) for f in vertical(listing.vertical).fields}
    return {name: value for name, value in shown.items() if value is not None}


def _checks(judgement: Judgement) -> dict[str, Any]:
    """The seven marks, and what was found and how of all that did not pass, or passed with something to be known."""
    return {
        "marks": {mark.check: mark.outcome.value for mark in judgement.marks},
        "findings": [
            {
                "check": result.check,
                "result": result.outcome.value,
                "reason": result.reason.value if result.reason else None,
                "method": result.method,
                "evidence": dict(result.evidence),
            }
            for result in judgement.results
            if result.outcome is not Outcome.PASSED or _is_notable(result)
        ],
    }


def _is_notable(result: Result) -> bool:
    """A role's mailbox, a domain one letter off, an internet number: in order, and yet a score counts them."""
    evidence = result.evidence
    return bool(evidence.get("role") or evidence.get("did_you_mean") or evidence.get("type") == "voip")


def _initials(lead: Mapping[str, Any]) -> str:
    first, last = str(lead.get("first_name") or ""), str(lead.get("last_name") or "")
    if not first and not last:
        first, _, last = str(lead.get("full_name") or "").strip().partition(" ")
    return initials_of(first, last)
