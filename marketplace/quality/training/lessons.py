"""What there is to learn from: sold leads whose end is known, each with what was known when it came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, select

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.facts import HEARD, LeadAudit, SoldLead, is_bad, is_told, weight_of_audit
from marketplace.quality.fraud import CALIBRATED_FROM
from marketplace.quality.scores.models import LeadScore

#: a sale may take its time: only after so long is a lead without one counted as one that did not buy
SALE_TAKES = timedelta(days=90)
#: the newest of so many outcomes are read; the level is set by the newest 5,000 of them
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sold lead: all that its score was made of, what came (1 a fault or a sale), and how many it stands for."""

    inputs: dict[str, Any]
    vertical: str
    came: int
    weight: float = 1.0


def of_sales() -> list[Lesson]:
    """Leads sold at least 90 days ago of which the buyer said anything, the oldest first: did the person buy?"""
    won = case((SoldLead.won_at.is_not(None), 1), else_=0)
    known = SoldLead.placed_at <= clock.now() - SALE_TAKES, is_told()
    statement = select(LeadScore.inputs, SoldLead.vertical, won).join(LeadScore, LeadScore.lead_id == SoldLead.lead_id)
    return _read(statement.where(*known).order_by(SoldLead.placed_at.desc(), SoldLead.order_id), audited=False)


def of_faults() -> list[Lesson]:
    """Leads of which it is known whether they were bad, the oldest first.

    An audit is drawn by lot, a dispute is opened by whom it pays. So from 300 decided audits on they alone teach, each
    for as many leads as it was drawn from; before that every lead whose window is over.
    """
    audits = _of_audits()
    if len(audits) >= CALIBRATED_FROM:
        return audits
    fault = case((SoldLead.fault.is_(True), 1), else_=0)
    statement = select(LeadScore.inputs, SoldLead.vertical, fault).join(
        LeadScore, LeadScore.lead_id == SoldLead.lead_id
    )
    known = statement.where(SoldLead.matured_at.is_not(None))
    return _read(known.order_by(SoldLead.matured_at.desc(), SoldLead.order_id), audited=False)


def _of_audits() -> list[Lesson]:
    failed, weight = case((is_bad(), 1), else_=0), weight_of_audit()
    statement = (
        select(LeadScore.inputs, SoldLead.vertical, failed, weight)
        .join(SoldLead, SoldLead.order_id == LeadAudit.order_id)
        .join(LeadScore, LeadScore.lead_id == SoldLead.lead_id)
        .where(LeadAudit.state.in_(HEARD), LeadAudit.why == "sample", weight > 0)
    )
    return _read(statement.order_by(LeadAudit.decided_at.desc(), LeadAudit.order_id), audited=True)


def _read(statement: Select[Any], *, audited: bool) -> list[Lesson]:
    rows: Sequence[Any] = session().execute(statement.limit(MOST)).all()
    newest_first = [Lesson(row[0], row[1], row[2], row[3] if audited else 1.0) for row in rows]
    return newest_first[::-1]
