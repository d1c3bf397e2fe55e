"""An approved batch is carried out, an order in each transaction: what is unsold is withdrawn, what is sold goes back.

What became of an order is written down with it, so a run that was cut off goes on behind it.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, exists, select, update

from marketplace import orders
from marketplace.billing import proposals
from marketplace.disputes import actions as cases
from marketplace.disputes.batches import rules
from marketplace.disputes.batches.actions import move, record
from marketplace.disputes.batches.errors import Appealable, ApproverLeft
from marketplace.disputes.batches.models import Batch, BatchOrder, BatchState
from marketplace.disputes.batches.proof import is_appealable
from marketplace.disputes.batches.queries import holds
from marketplace.disputes.models import Appeal, AppealState, Dispute, DisputeState, Reason
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.leads import Lead, LeadState
from marketplace.orders import Order, OrderState
from marketplace.orders.errors import NotDisputable, OrderFrozen
from marketplace.people import Who
from marketplace.people.queries.who import who_of_member

_LEADS, _ORDERS = 1_000, 50
log = structlog.get_logger()


def running() -> Sequence[UUID]:
    """The batches that are under way, oldest first."""
    return session().scalars(select(Batch.id).where(Batch.state == BatchState.RUNNING).order_by(Batch.id)).all()


def take_off_sale(batch_id: UUID) -> bool:
    """Withdraw up to 1,000 leads of an approved batch; whether there were any."""
    batch = _locked(batch_id)
    return batch.state == BatchState.RUNNING and _withdrawn(batch)


def left_after(batch_id: UUID, order_id: UUID) -> Sequence[UUID]:
    """The next orders of a batch of which nothing became yet, by id."""
    batch = session().get_one(Batch, batch_id)
    left = select(Order.id).join(Lead, Lead.id == Order.lead_id).where(*_untouched(batch), Order.id > order_id)
    return session().scalars(left.order_by(Order.id).limit(_ORDERS)).all()


def void_one(batch_id: UUID, order_id: UUID) -> None:
    """Void one order; one that cannot be is left to people. Again changes nothing."""
    batch = _locked(batch_id)
    if batch.state == BatchState.RUNNING and not session().get(BatchOrder, (batch_id, order_id)):
        session().add(_became(batch, order_id, _approver(batch)))


def end(batch_id: UUID) -> None:
    """The batch is done, once something became of each of its orders."""
    batch = _locked(batch_id)
    untouched = select(exists().where(Lead.id == Order.lead_id, *_untouched(batch)))
    if batch.state != BatchState.RUNNING or session().scalar(untouched):
        return
    move(batch, BatchState.DONE)
    batch.done_at = clock.now()
    record("batch.done", batch, _approver(batch) or SYSTEM)


def _locked(batch_id: UUID) -> Batch:
    return session().scalars(fresh(select(Batch).where(Batch.id == batch_id))).one()


def _approver(batch: Batch) -> Who | None:
    """Who approved it, unless that person has left."""
    if batch.decided_by is None or batch.decided_for is None:
        return None
    return who_of_member(batch.decided_by, batch.decided_for, "page")


def _withdrawn(batch: Batch) -> bool:
    """Take leads off sale for good; whether there were any."""
    on_sale = select(Lead.id).where(*holds(batch), Lead.state == LeadState.AVAILABLE).order_by(Lead.id)
    ids = on_sale.limit(_LEADS).with_for_update(key_share=True).scalar_subquery()
    changed = update(Lead).where(Lead.id.in_(ids)).values(state=LeadState.WITHDRAWN).returning(Lead.id)
    return bool(session().execute(changed.execution_options(synchronize_session=False)).all())


def _untouched(batch: Batch) -> list[ColumnElement[bool]]:
    done = exists().where(BatchOrder.batch_id == batch.id, BatchOrder.order_id == Order.id)
    return [*holds(batch), ~done]


def _became(batch: Batch, order_id: UUID, who: Who | None) -> BatchOrder:
    row = BatchOrder(batch_id=batch.id, order_id=order_id, result="left", cents=0, why="nothing_left", at=clock.now())
    try:
        with session().begin_nested():
            result, cents = _voided(batch, order_id, who)
    except Refusal as why:
        log.warning("batch.order_left", batch=str(batch.id), order=str(order_id), why=why.code)
        row.why = why.code
        return row
    if result:
        row.result, row.cents, row.why = result, cents, None
    return row


def _voided(batch: Batch, order_id: UUID, who: Who | None) -> tuple[str, int]:
    dispute = session().scalars(fresh(select(Dispute).where(Dispute.order_id == order_id, _is_open()))).first()
    order = session().scalars(fresh(select(Order).where(Order.id == order_id))).one()
    if order.state == OrderState.FROZEN:
        raise OrderFrozen
    fate = rules.fate_of(OrderState(order.state), is_per_sale=order.is_per_sale)
    if fate is rules.Fate.CLAW_BACK:
        return _claw_back(batch, order, who)
    if fate is None:
        return "", 0
    if dispute is None:
        dispute = _said_for(batch, order, who or SYSTEM)
    before = order.refunded_cents
    cases.uphold(dispute, who or SYSTEM, rules.RULE, batch.reason)
    # its parties are told once of the whole batch, not of each order
    cases.record("dispute.voided", dispute, who or SYSTEM, outcome=dispute.state, refund_percent=100)
    session().refresh(order)
    return "refunded", order.refunded_cents - before


def _said_for(batch: Batch, order: Order, who: Actor) -> Dispute:
    """Nobody had disputed it: it is said for the buyer. What was decided before must be final: reviewers come first."""
    before = session().scalars(fresh(select(Dispute).where(Dispute.order_id == order.id))).all()
    appealed = exists().where(Appeal.dispute_id.in_([each.id for each in before]), Appeal.state == AppealState.OPEN)
    if session().scalar(select(appealed)):
        raise NotDisputable
    if any(is_appealable(each) for each in before):
        raise Appealable
    orders.contest(order.id)
    now = clock.now()
    dispute = Dispute(
        id=new_id(),
        order_id=order.id,
        buyer_id=order.buyer_id,
        agency_id=order.agency_id,
        state=DisputeState.ANSWERED,
        reason=Reason.HIRED,
        said_for_buyer=True,
        statement="",
        opened_by=who.user_id or batch.proposed_by,
        opened_at=now,
        answer_by=now,
        decide_by=now,
    )
    session().add(dispute)
    session().flush()
    return dispute


def _claw_back(batch: Batch, order: Order, who: Who | None) -> tuple[str, int]:
    """What the agency has of it is proposed to be taken back; a person other than the proposer agrees or does not."""
    amount = Money(order.released_cents - order.clawed_back_cents, order.currency)
    if not amount.amount:
        return "", 0
    if who is None:
        raise ApproverLeft
    proposals.propose(who, "claw_back", about=order.id, amount=amount, reason=f"{rules.RULE}: {batch.reason}")
    return "claw_back", amount.amount


def _is_open() -> ColumnElement[bool]:
    return Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED))
