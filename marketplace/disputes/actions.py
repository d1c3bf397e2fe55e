"""What happens in a dispute: opened, answered, conceded, withdrawn, decided. Money moves in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select

from marketplace import events, orders
from marketplace.disputes import deposits, rules
from marketplace.disputes.errors import (
    AlreadyDisputed,
    DisputeClosed,
    EvidenceNeeded,
    NotTriedEnough,
    OwnCase,
    WrongDeposit,
    WrongReason,
    WrongRefund,
)
from marketplace.disputes.evidence import attach
from marketplace.disputes.findings import leave_queue, weigh_anew
from marketplace.disputes.models import Dispute, DisputeState, Reason
from marketplace.disputes.queries import find_for
from marketplace.disputes.reasons import asks_calls, asks_file, reasons_for
from marketplace.disputes.uploads import Upload
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Forbidden
from marketplace.leads import Lead
from marketplace.orders import Order, attempts
from marketplace.orders.rules import APPEAL
from marketplace.people import Power, Who
from marketplace.people.queries.ties import has_ties

_FULL = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision: its outcome, the share of the price given back, and why, in words for both parties.

    `early_reason` is recorded when the agency could still have answered; the reasoning stands in where it is empty.
    `version`: of the dispute as it was read, '' where that is not said.
    """

    outcome: DisputeState
    refund_percent: int
    reasoning: str
    early_reason: str = ""
    version: str = ""


def open_dispute(
    who: Who,
    order_id: UUID,
    reason: Reason,
    statement: str,
    files: Sequence[Upload] = (),
    deposit_cents: int | None = None,
) -> Dispute:
    """The buyer says that the lead was bad; the order's money is not released while this stands.

    deposit_cents: what the buyer agrees to leave with it, where its record asks for that.

    Raises:
        NotFound, WindowClosed, NotDisputable, AlreadyDisputed, WrongReason, EvidenceNeeded, NotTriedEnough, WrongFile,
        TooManyFiles, DepositNeeded, Overdrawn.
    """
    who.need(Power.DISPUTES_WRITE)
    order = orders.dispute(who, order_id)
    demand = deposits.demand_of(order)
    _refuse_unfit(order, reason, files, strict=demand.is_strict)
    decided = Dispute.order_id == order.id, Dispute.state != DisputeState.WITHDRAWN
    if session().scalar(select(exists().where(*decided))):
        raise AlreadyDisputed
    dispute = _begun(who, order, reason, statement)
    session().add(dispute)
    session().flush()
    attach(who, dispute, files)
    deposits.take(dispute, demand.deposit, deposit_cents, who)
    weigh_anew(dispute)
    record("dispute.opened", dispute, who, reason=reason.value)
    return dispute


def answer(who: Who, dispute_id: UUID, text: str, files: Sequence[Upload] = ()) -> Dispute:
    """The agency says what it knows. Raises NotFound, Forbidden, DisputeClosed."""
    dispute = party(who, dispute_id, "agency")
    move(dispute, DisputeState.ANSWERED)
    dispute.answer, dispute.answered_at = text.strip(), clock.now()
    dispute.decide_by = dispute.answered_at + rules.DECISION_TIME
    attach(who, dispute, files)
    record("dispute.answered", dispute, who)
    return dispute


def concede(who: Who, dispute_id: UUID) -> Dispute:
    """The agency agrees: the whole price goes back. Raises NotFound, Forbidden, DisputeClosed."""
    dispute = party(who, dispute_id, "agency")
    move(dispute, DisputeState.CONCEDED)
    _close(dispute, who, _FULL)
    record("dispute.decided", dispute, who, outcome=dispute.state, refund_percent=_FULL)
    return dispute


def withdraw(who: Who, dispute_id: UUID) -> Dispute:
    """The buyer takes it back: the order is held again, as if nothing had been said."""
    dispute = party(who, dispute_id, "buyer")
    move(dispute, DisputeState.WITHDRAWN)
    orders.reinstate(dispute.order_id)
    deposits.settle(dispute, who)
    record("dispute.withdrawn", dispute, who)
    return dispute


def add_evidence(who: Who, dispute_id: UUID, files: Sequence[Upload]) -> Dispute:
    """A party adds files while the dispute is open. Raises NotFound, DisputeClosed, WrongFile, TooManyFiles."""
    who.need(Power.DISPUTES_WRITE)
    dispute = find_for(who, dispute_id, lock=True)
    if not dispute.is_open:
        raise DisputeClosed
    attach(who, dispute, files)
    record("dispute.evidence_added", dispute, who, files=len(files))
    return dispute


def decide(who: Who, dispute_id: UUID, verdict: Verdict) -> Dispute:
    """Staff decide; the refund is given back at once, the rest waits until an appeal is too late.

    Raises:
        NotFound, Forbidden, DisputeClosed, WrongRefund, OwnCase.
    """
    who.need(Power.DISPUTES_DECIDE)
    dispute = find_for(who, dispute_id, lock=True)
    refuse_own_case(who, dispute)
    is_per_sale = orders.is_per_sale(dispute.order_id)
    if verdict.refund_percent not in rules.refunds_of(verdict.outcome, is_per_sale=is_per_sale):
        raise WrongDeposit if is_per_sale else WrongRefund
    if dispute.state == DisputeState.OPEN and clock.now() < dispute.answer_by:
        dispute.early_reason = verdict.early_reason.strip() or verdict.reasoning.strip()
    move(dispute, verdict.outcome)
    dispute.reasoning = verdict.reasoning.strip()
    _close(dispute, who, verdict.refund_percent)
    record("dispute.decided", dispute, who, outcome=dispute.state, refund_percent=verdict.refund_percent)
    return dispute


def decide_by_itself(dispute: Dispute, outcome: DisputeState) -> None:
    """A published rule decides a dispute that the caller has locked: in full or not at all. Raises OrderFrozen.

    The caller keeps by which rules and facts; that is the reasoning.
    """
    percent = _FULL if outcome == DisputeState.UPHELD else 0
    move(dispute, outcome)
    _close(dispute, SYSTEM, percent)
    record("dispute.decided", dispute, SYSTEM, outcome=dispute.state, refund_percent=percent)


def uphold(dispute: Dispute, by: Actor, rule: str, reasoning: str) -> None:
    """Give the whole price back in a dispute that the caller has locked, and that the caller tells of.

    rule: the published rule by which it is done; reasoning: somebody's own words to it.

    Raises:
        DisputeClosed, NotDisputable, OrderFrozen.
    """
    move(dispute, DisputeState.UPHELD)
    dispute.rule, dispute.reasoning = rule, reasoning
    _close(dispute, by, _FULL)


def _begun(who: Who, order: Order, reason: Reason, statement: str) -> Dispute:
    now = clock.now()
    return Dispute(
        order_id=order.id,
        buyer_id=order.buyer_id,
        agency_id=order.agency_id,
        state=DisputeState.OPEN,
        reason=reason,
        statement=statement.strip(),
        opened_by=who.user_id,
        opened_at=now,
        answer_by=now + rules.ANSWER_TIME,
        decide_by=now + rules.ANSWER_TIME + rules.DECISION_TIME,
    )


def _refuse_unfit(order: Order, reason: Reason, files: Sequence[Upload], *, strict: bool) -> None:
    """A reason fits how the lead was sold and what it holds, and comes with what it needs."""
    checks = session().scalars(select(Lead.checks).where(Lead.id == order.lead_id)).one()
    if reason not in reasons_for(order.pricing, checks):
        raise WrongReason(fields={"reason": WrongReason.sentence})
    if not files and asks_file(reason, strict=strict):
        raise EvidenceNeeded(fields={"evidence": EvidenceNeeded.sentence})
    if asks_calls(reason) and not (tally := attempts.tally_of(order.id)).is_enough:
        raise NotTriedEnough.after(tally)


def _close(dispute: Dispute, who: Actor, percent: int) -> None:
    dispute.decided_at, dispute.decided_by = clock.now(), who.user_id
    dispute.refund_percent, dispute.appeal_until = percent, dispute.decided_at + APPEAL
    if percent:
        orders.refund(dispute.order_id, percent, because=f"dispute:{dispute.id}", by=who, until=dispute.appeal_until)
    else:
        orders.reinstate(dispute.order_id, until=dispute.appeal_until)
    deposits.settle(dispute, who)


def party(who: Who, dispute_id: UUID, side: str) -> Dispute:
    """A dispute, locked, for one of its sides alone. Raises NotFound, Forbidden."""
    who.need(Power.DISPUTES_WRITE)
    dispute = find_for(who, dispute_id, lock=True)
    if who.org_kind != side:
        raise Forbidden
    return dispute


def refuse_own_case(who: Who, dispute: Dispute) -> None:
    """Nobody decides where they belong to a party or did once. Raises OwnCase."""
    if has_ties(who.user_id, (dispute.buyer_id, dispute.agency_id)):
        raise OwnCase


def move(dispute: Dispute, state: DisputeState) -> None:
    """Change the state as the table allows. Raises DisputeClosed."""
    if state not in rules.ALLOWED[DisputeState(dispute.state)]:
        raise DisputeClosed
    dispute.state = state
    if state in rules.ENDS:
        leave_queue(dispute)


def record(name: str, dispute: Dispute, who: Actor, **data: object) -> None:
    """Record what happened in a dispute for both parties."""
    parties = [dispute.buyer_id, dispute.agency_id]
    events.record(name, dispute.id, by=who, orgs=parties, order_id=str(dispute.order_id), **data)
