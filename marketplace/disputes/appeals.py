"""A decision is looked at again: one side appeals, the other answers, somebody who has not decided yet decides.

A buyer that wins gets its money from what is still held. An agency that wins is paid at our cost: what a buyer was
given is never taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace import orders
from marketplace.disputes import rules
from marketplace.disputes.actions import record, refuse_own_case
from marketplace.disputes.batches.queries import had_a_hand
from marketplace.disputes.errors import (
    AppealClosed,
    AppealTimeOver,
    BuyerFirst,
    DisputeClosed,
    OwnDecision,
    WrongAppeal,
)
from marketplace.disputes.evidence import Upload, attach
from marketplace.disputes.models import Appeal, AppealState, Dispute
from marketplace.disputes.queries import DisputeLine, find_for, is_held_back, lines_for
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Forbidden
from marketplace.kit.paging import Ask, Page, page
from marketplace.orders import Order
from marketplace.orders.errors import OrderFrozen
from marketplace.orders.queries import is_frozen
from marketplace.people import Power, Who

_BUYER, _AGENCY = "buyer", "agency"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an appeal comes to: the share of the price that should go back in all, and why, for both sides."""

    refund_percent: int
    reasoning: str


def appeal(who: Who, dispute_id: UUID, statement: str, files: Sequence[Upload] = ()) -> Appeal:
    """A side that lost asks for another look; a buyer's held money stays held until then.

    Raises:
        NotFound, Forbidden, NotAppealable, AlreadyAppealed, AppealTimeOver, OrderFrozen, NotDisputable, WrongFile,
        TooManyFiles.
    """
    dispute, side = _party(who, dispute_id)
    now = clock.now()
    refusal = rules.appeal_hindrance(dispute, side, of_side(dispute, side), now)
    if isinstance(refusal, AppealTimeOver) and side == _BUYER and is_frozen(dispute.order_id):
        raise OrderFrozen  # its time does not run: it can appeal once the bank has let go
    if refusal:
        raise refusal
    if side == _BUYER:
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
        percent_before=_percent(dispute),
    )
    session().add(row)
    attach(who, dispute, files)
    record("dispute.appealed", dispute, who, side=side)
    return row


def answer_appeal(who: Who, dispute_id: UUID, text: str, files: Sequence[Upload] = ()) -> Appeal:
    """The other side says what it thinks of it. Raises NotFound, Forbidden, DisputeClosed, WrongFile, TooManyFiles."""
    dispute, side = _party(who, dispute_id)
    row = of_side(dispute, _AGENCY if side == _BUYER else _BUYER, lock=True)
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
    row = of_side(dispute, side, lock=True)
    if row is None or not row.is_open:
        raise AppealClosed
    refuse_own_case(who, dispute)
    if row.first_decided_by == who.user_id or had_a_hand(who, dispute.order_id):
        raise OwnDecision
    if side == _AGENCY and is_buyers_turn(dispute):
        raise BuyerFirst
    if ruling.refund_percent not in outcomes(dispute, side):
        raise WrongAppeal
    row.percent_before = _percent(dispute)
    row.decided_by, row.decided_at, row.reasoning = who.user_id, clock.now(), ruling.reasoning.strip()
    row.percent_after = ruling.refund_percent
    row.state = AppealState.LOST if row.percent_after == row.percent_before else AppealState.WON
    row.amount_cents = _moved(who, dispute, row)
    record("dispute.appeal_decided", dispute, who, side=side, outcome=row.state, refund_percent=row.percent_after)
    return row


def outcomes(dispute: Dispute, side: str) -> frozenset[int]:
    """The shares of the price that an appeal of this side can come to."""
    return rules.appeal_outcomes(side, _percent(dispute), is_per_sale=orders.is_per_sale(dispute.order_id))


def is_buyers_turn(dispute: Dispute) -> bool:
    """Whether the buyer may still get more of the price back: by an appeal that is open or that it may still make."""
    row = of_side(dispute, _BUYER)
    if row:
        return row.is_open
    now = dispute.decided_at if is_frozen(dispute.order_id) else clock.now()  # while a bank holds it, no time runs
    return now is not None and rules.appeal_hindrance(dispute, _BUYER, None, now) is None


def appeals_of(dispute: Dispute) -> Sequence[Appeal]:
    """The dispute's appeals, oldest first; the caller has found the dispute for somebody."""
    return appeals_by_dispute([dispute.id])[dispute.id]


def appeals_by_dispute(dispute_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Appeal]]:
    """The same for several disputes."""
    found: Mapping[UUID, list[Appeal]] = {dispute_id: [] for dispute_id in dispute_ids}
    for each in session().scalars(select(Appeal).where(Appeal.dispute_id.in_(dispute_ids)).order_by(Appeal.id)):
        found[each.dispute_id].append(each)
    return found


def of_side(dispute: Dispute, side: str, *, lock: bool = False) -> Appeal | None:
    """The appeal of one side of a dispute that the caller has found for somebody."""
    found = select(Appeal).where(Appeal.dispute_id == dispute.id, Appeal.side == side)
    return session().scalar(fresh(found) if lock else found)


def appealed_for(who: Who, ask: Ask) -> Page[DisputeLine]:
    """Disputes with an open appeal for staff, those that must be decided first at the top."""
    who.need(Power.DISPUTES_DECIDE)
    first = (
        select(Appeal.dispute_id, func.min(Appeal.decide_by).label("decide_by"))
        .where(Appeal.state == AppealState.OPEN)
        .group_by(Appeal.dispute_id)
        .subquery()
    )
    statement = lines_for(who).join(first, first.c.dispute_id == Dispute.id).add_columns(first.c.decide_by)
    statement = statement.where(~is_held_back())
    return page(
        statement,
        ask,
        by=[first.c.decide_by, Dispute.id],
        key=lambda line: [line.decide_by, line.id],
        build=DisputeLine.of,
        descending=False,
    )


def count_open(who: Who) -> int:
    """How many appeals wait for staff."""
    who.need(Power.DISPUTES_DECIDE)
    return int(session().scalar(select(func.count()).where(Appeal.state == AppealState.OPEN)) or 0)


def _moved(who: Who, dispute: Dispute, row: Appeal) -> int:
    """Move what the ruling says, and return how much it was, in minor units."""
    order_id, because, percent = dispute.order_id, f"appeal:{row.id}", row.percent_after or 0
    if row.state == AppealState.WON and row.side == _AGENCY:
        return orders.award(order_id, max(percent, _elsewhere(dispute)), because=because, by=who)
    if row.state == AppealState.WON:
        return orders.refund(order_id, percent, because=because, by=who, until=clock.now())
    if row.side == _BUYER:
        orders.reinstate(order_id, until=clock.now())
    return 0


def _elsewhere(dispute: Dispute) -> int:
    """What goes back by other decisions on the same order, whose rulings wait until this one is written."""
    session().execute(fresh(select(Order.id).where(Order.id == dispute.order_id)))
    others = select(Dispute).where(Dispute.order_id == dispute.order_id, Dispute.id != dispute.id)
    return max(
        (_in_the_end(each) for each in session().scalars(others.execution_options(populate_existing=True))), default=0
    )


def _in_the_end(dispute: Dispute) -> int:
    """What should have gone back, whichever side won."""
    changed = of_side(dispute, _AGENCY)
    return changed.percent_after or 0 if changed and not changed.is_open else _percent(dispute)


def _percent(dispute: Dispute) -> int:
    """What goes back as things stand: as decided, or as a buyer's appeal has changed it."""
    changed = of_side(dispute, _BUYER)
    return changed.percent_after or 0 if changed and not changed.is_open else dispute.refund_percent or 0


def _party(who: Who, dispute_id: UUID) -> tuple[Dispute, str]:
    """The dispute, locked, and the side on which `who` is."""
    who.need(Power.DISPUTES_WRITE)
    dispute = find_for(who, dispute_id, lock=True)
    if who.org_kind not in (_BUYER, _AGENCY):
        raise Forbidden
    return dispute, str(who.org_kind)
