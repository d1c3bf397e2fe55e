"""A decision is looked at again: one side appeals, the other answers, somebody who has not decided yet decides.

A buyer that wins gets its money from what is still held. An agency that wins is paid at our cost: what a buyer was
given is never taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace import orders
from marketplace.disputes import rules
from marketplace.disputes.actions import record, refuse_own_case
from marketplace.disputes.appealed import (
    AGENCY,
    BUYER,
    appeals_by_dispute,
    appeals_of,
    as_it_stands,
    in_the_end,
    is_buyers_turn,
    of_side,
    outcomes,
)
from marketplace.disputes.batches.queries import had_a_hand
from marketplace.disputes.errors import (
    AppealClosed,
    AppealTimeOver,
    BuyerFirst,
    DisputeClosed,
    OwnDecision,
    WrongAppeal,
)
from marketplace.disputes.evidence import attach
from marketplace.disputes.models import Appeal, AppealState, Dispute
from marketplace.disputes.queries import find_for
from marketplace.disputes.uploads import Upload
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Forbidden
from marketplace.orders import Order
from marketplace.orders.errors import OrderFrozen
from marketplace.orders.queries import is_frozen
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an appeal comes to: the share of the price that should go back in all, and why, for both sides.

    `version`: of the dispute as it was read, '' where that is not said.
    """

    refund_percent: int
    reasoning: str
    version: str = ""


def appeal(who: Who, dispute_id: UUID, statement: str, files: Sequence[Upload] = ()) -> Appeal:
    """A side that lost asks for another look; a buyer's held money stays held until then.

    Raises:
        NotFound, Forbidden, NotAppealable, AlreadyAppealed, AppealTimeOver, OrderFrozen, NotDisputable, WrongFile,
        TooManyFiles.
    """
    dispute, side = _party(who, dispute_id)
    now = clock.now()
    made = appeals_of(dispute)
    refusal = rules.appeal_hindrance(dispute, side, of_side(made, side), now)
    if isinstance(refusal, AppealTimeOver) and side == BUYER and is_frozen(dispute.order_id):
        raise OrderFrozen  # its time does not run: it can appeal once the bank has let go
    if refusal:
        raise refusal
    if side == BUYER:
        orders.contest(dispute.order_id)
    row = Appeal(
        dispute_id=dispute.id,
        side=side,
        state=AppealState.OPEN,
        statement=statement.strip(),
        filed_by=who.user_id,
        filed_at=now,
        decide_by=now + rules.ANSWER_TIME + rules.DECISION_TIME,
        first_decided_by=dispute.decided_by,
        percent_before=as_it_stands(dispute, made),
    )
    session().add(row)
    attach(who, dispute, files)
    record("dispute.appealed", dispute, who, side=side)
    return row


def answer_appeal(who: Who, dispute_id: UUID, text: str, files: Sequence[Upload] = ()) -> Appeal:
    """The other side says what it thinks of it. Raises NotFound, Forbidden, DisputeClosed, WrongFile, TooManyFiles."""
    dispute, side = _party(who, dispute_id)
    row = of_side(appeals_of(dispute, lock=True), AGENCY if side == BUYER else BUYER)
    if row is None or not row.is_open or row.answered_at:
        raise DisputeClosed
    row.answer, row.answered_at = text.strip(), clock.now()
    row.decide_by = row.answered_at + rules.DECISION_TIME
    attach(who, dispute, files)
    record("dispute.appeal_answered", dispute, who, side=row.side)
    return row


def decide_appeal(who: Who, dispute_id: UUID, side: str, ruling: Ruling) -> Appeal:
    """Staff who have not decided the dispute decide an appeal; money moves at once, and that is final.

    What an agency is paid depends on what the buyer has in the end: the buyer's appeal comes first.

    Raises:
        NotFound, Forbidden, AppealClosed, OwnCase, OwnDecision, BuyerFirst, WrongAppeal, OrderFrozen.
    """
    who.need(Power.DISPUTES_DECIDE)
    dispute = find_for(who, dispute_id, lock=True)
    made = appeals_of(dispute, lock=True)
    row = of_side(made, side)
    if row is None or not row.is_open:
        raise AppealClosed
    refuse_own_case(who, dispute)
    if row.first_decided_by == who.user_id or had_a_hand(who, dispute.order_id):
        raise OwnDecision
    if side == AGENCY and is_buyers_turn(dispute, made):
        raise BuyerFirst
    if ruling.refund_percent not in outcomes(dispute, made, side):
        raise WrongAppeal
    row.percent_before = as_it_stands(dispute, made)
    row.decided_by, row.decided_at, row.reasoning = who.user_id, clock.now(), ruling.reasoning.strip()
    row.percent_after = ruling.refund_percent
    row.state = AppealState.LOST if row.percent_after == row.percent_before else AppealState.WON
    row.amount_cents = _moved(who, dispute, row)
    record("dispute.appeal_decided", dispute, who, side=side, outcome=row.state, refund_percent=row.percent_after)
    return row


def _moved(who: Who, dispute: Dispute, row: Appeal) -> int:
    """Move what the ruling says, and return how much it was, in minor units."""
    order_id, because, percent = dispute.order_id, f"appeal:{row.id}", row.percent_after or 0
    if row.state == AppealState.WON and row.side == AGENCY:
        return orders.award(order_id, max(percent, _elsewhere(dispute)), because=because, by=who)
    if row.state == AppealState.WON:
        return orders.refund(order_id, percent, because=because, by=who, until=clock.now())
    if row.side == BUYER:
        orders.reinstate(order_id, until=clock.now())
    return 0


def _elsewhere(dispute: Dispute) -> int:
    """What goes back by other decisions on the same order, whose rulings wait until this one is written."""
    session().execute(fresh(select(Order.id).where(Order.id == dispute.order_id)))
    found = select(Dispute).where(Dispute.order_id == dispute.order_id, Dispute.id != dispute.id)
    others = session().scalars(found.execution_options(populate_existing=True)).all()
    appeals = appeals_by_dispute([each.id for each in others])
    return max((in_the_end(each, appeals[each.id]) for each in others), default=0)


def _party(who: Who, dispute_id: UUID) -> tuple[Dispute, str]:
    """The dispute, locked, and the side on which `who` is."""
    who.need(Power.DISPUTES_WRITE)
    dispute = find_for(who, dispute_id, lock=True)
    if who.org_kind not in (BUYER, AGENCY):
        raise Forbidden
    return dispute, str(who.org_kind)
