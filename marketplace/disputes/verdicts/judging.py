"""A dispute is looked at: what was found, what it adds up to, and whether that decides it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes import corrections, findings
from marketplace.disputes.corrections import Correction
from marketplace.disputes.findings import Case, Line
from marketplace.disputes.models import Dispute, DisputeState, Reason
from marketplace.disputes.verdicts import rules
from marketplace.disputes.verdicts.deciding import decide, is_being_put_right, is_frozen, open_one
from marketplace.disputes.verdicts.models import By
from marketplace.kit.db import fresh, session
from marketplace.quality.disputes import Evidence, Found


class Asked(NamedTuple):
    """The number for which we ask. is_offered: an agency gave it as a correction, and its buyer says it fails, too."""

    number: str
    is_offered: bool


def begin(dispute_id: UUID) -> Asked | None:
    """Before somebody outside is asked: write it down, and say for which number; None when there is nothing to ask."""
    dispute = open_one(dispute_id)
    if dispute is None:
        return None
    findings.weigh_anew(dispute)
    case, failed = findings.case_of(dispute), _failed(dispute)
    number = _number_left(case, failed) if failed else findings.ask_about_line(case)
    return Asked(number, failed is not None) if number else None


def take_in(dispute_id: UUID, asked: Asked, line: Line) -> None:
    """Keep what was answered, for the record even if the dispute has ended since.

    An answer about the number that was sold comes too late once another one stands in its place.
    """
    dispute = session().scalar(fresh(select(Dispute).where(Dispute.id == dispute_id)))
    failed = _failed(dispute) if dispute else None
    if dispute is None or asked.is_offered != (failed is not None):
        return
    findings.note_line(dispute, line, is_offered=asked.is_offered)
    if failed:
        corrections.forget(failed)


def _failed(dispute: Dispute) -> Correction | None:
    row = corrections.of_dispute(dispute)
    return row if row and row.has_failed_in("phone") else None


def _number_left(case: Case, failed: Correction) -> str | None:
    """The offered number, unless we have asked about it before, or cannot ask anybody."""
    if findings.line_provider() or not failed.sealed:
        return corrections.number_left(case, failed)
    findings.note_offered(case.dispute, Evidence.PHONE_RECHECK, Found.UNKNOWN, findings.NOBODY_ASKED)
    corrections.forget(failed)
    return None


def judge(dispute_id: UUID) -> None:
    """Weigh an open dispute anew, and let it be decided where the facts decide."""
    dispute = open_one(dispute_id)
    if dispute is None:
        return
    opinion = findings.weigh_anew(dispute)
    case = findings.case_of(dispute)
    if is_frozen(case) or findings.is_waited_for(dispute) or is_being_put_right(dispute):
        return
    is_answered = dispute.state == DisputeState.ANSWERED
    ruling = rules.by_facts(opinion, findings.found_in(case), Reason(dispute.reason), is_answered=is_answered)
    if ruling:
        decide(case, ruling, opinion, By.FACTS)


def open_disputes_of(order_ids: Collection[UUID]) -> Sequence[UUID]:
    """The open disputes of these orders, of which something new is known."""
    waiting = Dispute.order_id.in_(order_ids), Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED))
    return session().scalars(select(Dispute.id).where(*waiting).order_by(Dispute.id)).all()
