"""An approved batch is carried out, a chunk in each transaction: what is unsold is withdrawn, what is sold goes back.

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
from marketplace.disputes.batches.models import Batch, BatchOrder, BatchState
from marketplace.disputes.batches.queries import holds
from marketplace.disputes.models import Appeal, AppealState, Dispute, DisputeState, Reason
from marketplace.events import SYSTEM, Actor
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import gettext as _
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


def void_some(batch_id: UUID) -> bool:
    """One chunk of an approved batch; whether there may be more."""
    batch = session().scalars(fresh(select(Batch).where(Batch.id == batch_id))).one()
    if batch.state != BatchState.RUNNING:
        return False
    if _withdrawn(batch):
        return True
    chunk = _next(batch)
    who = who_of_member(batch.decided_by, batch.decided_for, "page") if batch.decided_by and batch.decided_for else None
    for order in chunk:
        session().add(_became(batch, order, who))
        session().flush()
    if not chunk:
        move(batch, BatchState.DONE)
        batch.done_at = clock.now()
        record("batch.done", batch, who or SYSTEM)
    return bool(chunk)


def _withdrawn(batch: Batch) -> bool:
    """Take leads off sale that nobody shall buy any more; whether there were any."""
    on_sale = select(Lead.id).where(*holds(batch), Lead.state == LeadState.AVAILABLE).order_by(Lead.id)
    ids = on_sale.limit(_LEADS).with_for_update().scalar_subquery()
    changed = update(Lead).where(Lead.id.in_(ids)).values(state=LeadState.WITHDRAWN).returning(Lead.id)
    return bool(session().execute(changed.execution_options(synchronize_session=False)).all())


def _next(batch: Batch) -> Sequence[Order]:
    done = exists().where(BatchOrder.batch_id == batch.id, BatchOrder.order_id == Order.id)
    left = select(Order).join(Lead, Lead.id == Order.lead_id).where(*holds(batch), ~done)
    return session().scalars(left.order_by(Order.id).limit(_ORDERS)).all()


def _became(batch: Batch, order: Order, who: Who | None) -> BatchOrder:
    """Void one order; one that cannot be is left to people, and stops no other."""
    row = BatchOrder(batch_id=batch.id, order_id=order.id, result="left", cents=0, why="nothing_left", at=clock.now())
    try:
        with session().begin_nested():
            result, cents = _voided(batch, order.id, who)
    except Refusal as why:
        log.warning("batch.order_left", batch=str(batch.id), order=str(order.id), why=why.code)
        row.why = why.code
        return row
    if result:
        row.result, row.cents, row.why = result, cents, None
    return row


def _voided(batch: Batch, order_id: UUID, who: Who | None) -> tuple[str, int]:
    dispute = session().scalars(fresh(select(Dispute).where(Dispute.order_id == order_id, _is_open()))).first()
    order = session().scalars(fresh(select(Order).where(Order.id == order_id))).one()
    if order.state in rules.WITH_AGENCY and not order.is_per_sale:
        return _claw_back(batch, order, who)
    if order.state == OrderState.FROZEN:
        raise OrderFrozen
    if order.state not in rules.GIVES_BACK or (order.state == OrderState.HELD and order.is_per_sale):
        return "", 0
    if dispute is None:
        dispute = _said_for(batch, order, who or SYSTEM)
    before = order.refunded_cents
    cases.uphold(dispute, who or SYSTEM, _reasoning(batch))
    # its parties are told once of the whole batch, not of each order
    cases.record("dispute.voided", dispute, who or SYSTEM, outcome=dispute.state, refund_percent=100)
    session().refresh(order)
    return "refunded", order.refunded_cents - before


def _said_for(batch: Batch, order: Order, who: Actor) -> Dispute:
    """Nobody had disputed it: it is said for the buyer. While an appeal is open its reviewer decides."""
    appealed = exists().where(
        Appeal.dispute_id == Dispute.id, Dispute.order_id == order.id, Appeal.state == AppealState.OPEN
    )
    if session().scalar(select(appealed)):
        raise NotDisputable
    orders.contest(order.id)
    now = clock.now()
    dispute = Dispute(
        id=new_id(),
        order_id=order.id,
        buyer_id=order.buyer_id,
        agency_id=order.agency_id,
        state=DisputeState.ANSWERED,
        reason=Reason.HIRED,
        statement=_("Said by our staff: this lead belongs to a batch of paid fillers."),
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
    if who is None or not amount.amount:
        return "", 0
    proposals.propose(who, "claw_back", about=order.id, amount=amount, reason=_reasoning(batch))
    return "claw_back", amount.amount


def _is_open() -> ColumnElement[bool]:
    return Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED))


def _reasoning(batch: Batch) -> str:
    words: str = _(
        "Rule %(rule)s: a person of this batch was proven to be paid for filling in the form, so all of it is void. "
        "%(reason)s",
        rule=rules.RULE,
        reason=batch.reason,
    )
    return words
