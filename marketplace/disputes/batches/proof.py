"""Whether a dispute proves that a person was hired, and whether that can still change."""

from sqlalchemy import exists, select

from marketplace.disputes.appealed import AGENCY, appeals_of, of_side
from marketplace.disputes.batches import rules
from marketplace.disputes.batches.models import BatchOrder
from marketplace.disputes.models import Dispute
from marketplace.disputes.rules import appeal_hindrance
from marketplace.disputes.verdicts.models import By, VerdictRow
from marketplace.kit import clock
from marketplace.kit.db import session


def is_proof(dispute: Dispute) -> bool:
    """As things stand now; the caller has found the dispute for somebody."""
    by = session().scalar(select(VerdictRow.by).where(VerdictRow.dispute_id == dispute.id))
    voided = exists().where(BatchOrder.order_id == dispute.order_id, BatchOrder.result == "refunded")
    is_voided = bool(session().scalar(select(voided)))
    return rules.proves(dispute, of_side(appeals_of(dispute), AGENCY), By(by) if by else None, is_voided=is_voided)


def is_appealable(dispute: Dispute) -> bool:
    """Whether its agency can still appeal it."""
    return appeal_hindrance(dispute, AGENCY, of_side(appeals_of(dispute), AGENCY), clock.now()) is None
