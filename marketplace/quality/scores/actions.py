"""Giving leads their scores: a chunk at a time, whether they came one by one or in a file of a million rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace import leads
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.logs import told_without_words
from marketplace.leads import Lead, Repeated
from marketplace.people import Grade
from marketplace.quality import fraud
from marketplace.quality.agencies.models import AgencyRating
from marketplace.quality.agencies.queries import newest_rated
from marketplace.quality.conversion.columns import Row
from marketplace.quality.fraud_signs import signs_in
from marketplace.quality.scores.columns import row_of
from marketplace.quality.scores.models import LeadScore
from marketplace.quality.scores.serving import Serving, serving

log = structlog.get_logger()

CHUNK = 250
_WHOLE = 10_000
_REASONS = 4


def score_unscored(after: UUID | None) -> UUID | None:
    """Score the next leads that have none; return the last, None at the end.

    One that somebody is buying, or that cannot be read, waits for the next time.
    """
    waiting = leads.lock_unscored(CHUNK, after)
    _score(waiting)
    return waiting[-1].id if waiting else None


def score_anew(after: UUID | None) -> UUID | None:
    """Score the next leads on sale that nobody has bought with the models of now; return the last, None at the end."""
    unsold = leads.lock_unsold(CHUNK, after)
    _score(unsold)
    return unsold[-1].id if unsold else None


def inputs_of(lead: Lead, seen: Repeated | None, agency_ratio: float | None) -> dict[str, Any]:
    """All that the two models are asked with, as plain JSON."""
    signs = sorted(sign.value for sign in signs_in(lead.checks, seen))
    return {"signs": signs, "agency_ratio": agency_ratio, "lead": dict(row_of(lead))}


def count(inputs: Mapping[str, Any], models: Serving, vertical: str) -> dict[str, Any]:
    """The chances and their parts out of the inputs: the same models give the same again.

    Returns: the columns of `LeadScore` that a score consists of.
    """
    fraud_id, fraud_model = models.fraud_for(vertical)
    signs = [fraud.Sign(name) for name in inputs["signs"]]
    found = fraud.score(signs, agency_ratio=inputs["agency_ratio"], model=fraud_model)
    convert = models.convert_for(vertical)
    row: Row = inputs["lead"]
    reasons: dict[str, Any] = {"fraud": [[part.sign.value, round(part.points, 4)] for part in found.parts]}
    if convert:
        parts = convert[1].reasons(row)[:_REASONS]
        reasons["convert"] = [[part.column, part.value, round(part.points, 4)] for part in parts]
    return {
        "p_fraud": found.probability,
        "p_convert": convert[1].probability(row) if convert else None,
        "fraud_model_id": fraud_id,
        "convert_model_id": convert[0] if convert else None,
        "reasons": reasons,
    }


def _score(chunk: Sequence[Lead]) -> None:
    if not chunk:
        return
    models, seen, now = serving(), leads.repeated([lead.id for lead in chunk]), clock.now()
    ratios = _agency_ratios({lead.agency_id for lead in chunk})
    rows = []
    for lead in chunk:
        try:
            inputs = inputs_of(lead, seen.get(lead.id), ratios.get(lead.agency_id))
            found = count(inputs, models, lead.vertical)
        except (KeyError, TypeError, ValueError) as error:  # stored by a version that knew other words
            log.error("lead.not_scored", lead=str(lead.id), **told_without_words(error))  # noqa: TRY400
            continue
        rows.append({"lead_id": lead.id, "inputs": inputs, "scored_at": now, **found})
    if rows:
        _keep(rows)


def _keep(rows: Sequence[dict[str, Any]]) -> None:
    new = insert(LeadScore)
    changed = {name: new.excluded[name] for name in rows[0] if name != "lead_id"}
    session().execute(new.on_conflict_do_update(index_elements=[LeadScore.lead_id], set_=changed), rows)
    leads.mark_scored({row["lead_id"]: (_bp(1 - row["p_fraud"]), _bp(row["p_convert"])) for row in rows})


def _agency_ratios(agency_ids: Collection[UUID]) -> dict[UUID, float]:
    """Faults against those expected, of the agencies that have a grade of their own; a newcomer has no record yet."""
    rated = select(AgencyRating.agency_id, AgencyRating.came / AgencyRating.expected)
    known = rated.where(AgencyRating.night == newest_rated(), AgencyRating.grade != Grade.NEW)
    return dict(session().execute(known.where(AgencyRating.agency_id.in_(agency_ids))).all())


def _bp(chance: float | None) -> Any:
    return None if chance is None else round(chance * _WHOLE)
