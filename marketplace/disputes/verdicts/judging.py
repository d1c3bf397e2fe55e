"""A dispute is looked at: what was found, what it adds up to, and whether that decides it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.disputes import findings
from marketplace.disputes.findings import Line
from marketplace.disputes.models import Dispute, DisputeState, Reason
from marketplace.disputes.verdicts import rules
from marketplace.disputes.verdicts.deciding import decide, is_frozen, open_one, was_put_right
from marketplace.disputes.verdicts.models import By
from marketplace.kit.db import session


def begin(dispute_id: UUID) -> str | None:
    """Before somebody outside is asked: write it down, and say for which number; None when there is nothing to ask."""
    dispute = open_one(dispute_id)
    if dispute is None:
        return None
    findings.weigh_anew(dispute)
    return findings.ask_about_line(findings.case_of(dispute))


def take_in(dispute_id: UUID, line: Line) -> None:
    """What was answered; where the dispute is over meanwhile it is kept for the record."""
    dispute = session().get(Dispute, dispute_id)
    if dispute is not None:
        findings.note_line(dispute, line)


def judge(dispute_id: UUID) -> None:
    """Weigh an open dispute anew, and let it be decided where the facts decide.

    Of a value that was put right they know nothing: once the buyer has read it, people decide.
    """
    dispute = open_one(dispute_id)
    if dispute is None:
        return
    opinion = findings.weigh_anew(dispute)
    case = findings.case_of(dispute)
    if is_frozen(case) or findings.is_waited_for(dispute) or was_put_right(dispute):
        return
    is_answered = dispute.state == DisputeState.ANSWERED
    ruling = rules.by_facts(opinion, findings.found_in(case), Reason(dispute.reason), is_answered=is_answered)
    if ruling:
        decide(case, ruling, opinion, By.FACTS)


def open_disputes_of(order_ids: Collection[UUID]) -> Sequence[UUID]:
    """The open disputes of these orders, of which something new is known."""
    waiting = Dispute.order_id.in_(order_ids), Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED))
    return session().scalars(select(Dispute.id).where(*waiting).order_by(Dispute.id)).all()
