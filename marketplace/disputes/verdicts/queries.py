"""Reading what speaks for and against disputes that the caller has found for somebody, and verdicts that fell."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes.findings import FindingRow, OpinionRow, findings_by_dispute, opinions_of
from marketplace.disputes.models import Dispute
from marketplace.disputes.verdicts.models import VerdictRow
from marketplace.kit.db import session


class Weighed(NamedTuple):
    """What was found out about a disputed lead, what it adds up to, and the verdict, if there was an automatic one."""

    findings: Sequence[FindingRow]
    opinion: OpinionRow | None
    verdict: VerdictRow | None


def weighed_by_dispute(dispute_ids: Collection[UUID]) -> Mapping[UUID, Weighed]:
    """Of several disputes."""
    found, opinions, verdicts = findings_by_dispute(dispute_ids), opinions_of(dispute_ids), verdicts_of(dispute_ids)
    return {each: Weighed(found[each], opinions.get(each), verdicts.get(each)) for each in dispute_ids}


def weighed_of(dispute: Dispute) -> Weighed:
    return weighed_by_dispute([dispute.id])[dispute.id]


def verdicts_of(dispute_ids: Collection[UUID]) -> Mapping[UUID, VerdictRow]:
    """Those of several disputes, by dispute; those that people decided have none."""
    found = session().scalars(select(VerdictRow).where(VerdictRow.dispute_id.in_(dispute_ids)))
    return {row.dispute_id: row for row in found}
