"""Reading findings and opinions of disputes that the caller has found for somebody."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from marketplace.disputes.findings.models import FindingRow, OpinionRow
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.kit.db import session

#: they are written past the session
_ANEW = {"populate_existing": True}


def findings_of(dispute: Dispute) -> Sequence[FindingRow]:
    """Everything that was looked for, one row a kind and source."""
    return findings_by_dispute([dispute.id])[dispute.id]


def findings_by_dispute(dispute_ids: Collection[UUID]) -> Mapping[UUID, Sequence[FindingRow]]:
    """The same for several disputes."""
    found: Mapping[UUID, list[FindingRow]] = {dispute_id: [] for dispute_id in dispute_ids}
    rows = select(FindingRow).where(FindingRow.dispute_id.in_(dispute_ids))
    for row in session().scalars(rows.order_by(FindingRow.evidence, FindingRow.id), execution_options=_ANEW):
        found[row.dispute_id].append(row)
    return found


def opinions_of(dispute_ids: Collection[UUID]) -> Mapping[UUID, OpinionRow]:
    """Those of several disputes, by dispute."""
    found = session().scalars(select(OpinionRow).where(OpinionRow.dispute_id.in_(dispute_ids)), execution_options=_ANEW)
    return {row.dispute_id: row for row in found}


def without_opinion(most: int) -> Sequence[UUID]:
    """Open disputes that have not been weighed yet."""
    weighed = exists().where(OpinionRow.dispute_id == Dispute.id)
    waiting = select(Dispute.id).where(Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED)), ~weighed)
    return session().scalars(waiting.order_by(Dispute.id).limit(most)).all()
