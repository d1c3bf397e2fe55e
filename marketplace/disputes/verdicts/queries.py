"""Reading verdicts that fell by themselves, of disputes that the caller has found for somebody."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes.models import Dispute
from marketplace.disputes.verdicts.models import VerdictRow
from marketplace.kit.db import session


def verdicts_of(dispute_ids: Collection[UUID]) -> Mapping[UUID, VerdictRow]:
    """Those of several disputes, by dispute; those that people decided have none."""
    found = session().scalars(select(VerdictRow).where(VerdictRow.dispute_id.in_(dispute_ids)))
    return {row.dispute_id: row for row in found}


def rules_of(dispute: Dispute) -> Sequence[str]:
    """The published rules that decided a dispute; none where people did."""
    verdict = verdicts_of([dispute.id]).get(dispute.id)
    return verdict.rules if verdict else []
