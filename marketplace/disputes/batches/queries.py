"""Reading batches, for staff: what they would take back, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from marketplace.catalog import Pricing
from marketplace.disputes.batches.models import Batch, BatchKind, BatchOrder, BatchState
from marketplace.disputes.batches.rules import Fate, fate_of
from marketplace.disputes.models import Dispute
from marketplace.disputes.queries import lead_of
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead, LeadState
from marketplace.orders import Order, OrderState
from marketplace.people import Power, Who

_RECEIVED_ON = timedelta(days=1)
_KEPT = Order.price_cents - Order.refunded_cents - Order.charged_back_cents - Order.clawed_back_cents


@dataclass(frozen=True, slots=True)
class Extent:
    """What a batch holds now.

    Attributes:
        leads, unsold: how many, and how many of them can still be sold.
        orders, buyers: whatever became of them.
        back, claw_back: by currency, orders and minor units that go back at once, and that are to be clawed back.
    """

    leads: int
    unsold: int
    orders: int
    buyers: frozenset[UUID]
    back: Mapping[str, tuple[int, int]]
    claw_back: Mapping[str, tuple[int, int]]


def find_for(who: Who, batch_id: UUID, *, lock: bool = False) -> Batch:
    """A batch, for staff. Raises Forbidden, NotFound."""
    who.need(Power.DISPUTES_DECIDE)
    statement = select(Batch).where(Batch.id == batch_id)
    batch = session().scalar(fresh(statement) if lock else statement)
    if batch is None:
        raise NotFound
    return batch


def batches_for(who: Who, ask: Ask) -> Page[Batch]:
    """All batches, newest first, for staff."""
    who.need(Power.DISPUTES_DECIDE)
    return page(select(Batch), ask, by=[Batch.id], key=lambda batch: [batch.id])


def count_proposed(who: Who) -> int:
    """How many wait for a second person."""
    who.need(Power.DISPUTES_DECIDE)
    waiting = select(func.count()).select_from(Batch).where(Batch.state == BatchState.PROPOSED)
    return int(session().scalar(waiting) or 0)


def kinds_of(dispute: Dispute) -> Mapping[BatchKind, str]:
    """What the disputed lead has in common with others, in the words in which it came; the import has none."""
    lead = lead_of(dispute)
    kinds = {BatchKind.SUB_ID: lead.sub_id, BatchKind.CAMPAIGN: lead.campaign}
    found = {kind: mark for kind, mark in kinds.items() if mark}
    return {**({BatchKind.IMPORT: ""} if lead.import_id else {}), **found}


def marks_of(dispute: Dispute, kind: BatchKind) -> dict[str, object]:
    """The columns of a batch of this kind around the disputed lead."""
    lead = lead_of(dispute)
    if kind is BatchKind.IMPORT:
        return {"import_id": lead.import_id}
    if kind is BatchKind.SUB_ID:
        return {"mark": lead.sub_id, "day": lead.received_at.astimezone(UTC).date()}
    return {"mark": lead.campaign}


def holds(batch: Batch) -> list[ColumnElement[bool]]:
    """The conditions on `Lead` that make the batch."""
    own = [Lead.agency_id == batch.agency_id]
    if batch.kind == BatchKind.IMPORT:
        return [*own, Lead.import_id == batch.import_id]
    if batch.kind == BatchKind.CAMPAIGN or batch.day is None:
        return [*own, Lead.campaign == batch.mark]
    begin = datetime.combine(batch.day, time.min, UTC)
    return [*own, Lead.sub_id == batch.mark, Lead.received_at >= begin, Lead.received_at < begin + _RECEIVED_ON]


def size_of(dispute: Dispute, kind: BatchKind) -> int:
    """How many leads a batch of this kind around the disputed one would hold."""
    batch = Batch(agency_id=lead_of(dispute).agency_id, kind=kind, **marks_of(dispute, kind))
    return session().scalar(select(func.count()).select_from(Lead).where(*holds(batch))) or 0


def extent_of(batch: Batch) -> Extent:
    """What it would take back now."""
    leads, unsold = (
        session()
        .execute(select(func.count(), func.count().filter(Lead.state == LeadState.AVAILABLE)).where(*holds(batch)))
        .one()
    )
    kinds = Order.state, Order.pricing, Order.currency
    ordered = select(*kinds, func.count(), func.sum(_KEPT)).join(Lead, Lead.id == Order.lead_id)
    rows = session().execute(ordered.where(*holds(batch)).group_by(*kinds)).all()
    buyers = select(Order.buyer_id).join(Lead, Lead.id == Order.lead_id).where(*holds(batch)).distinct()
    moving = [(_fate(state, pricing), (currency, count, cents)) for state, pricing, currency, count, cents in rows]
    back, claw_back = (_summed([row for found, row in moving if found is fate]) for fate in (Fate.BACK, Fate.CLAW_BACK))
    return Extent(leads, unsold, sum(row[3] for row in rows), frozenset(session().scalars(buyers)), back, claw_back)


def lines_of(batch: Batch, ask: Ask) -> Page[tuple[Order, Lead, BatchOrder | None]]:
    """The orders of a batch, oldest first, with what became of each."""
    statement = (
        select(Order, Lead, BatchOrder)
        .join(Lead, Lead.id == Order.lead_id)
        .outerjoin(BatchOrder, (BatchOrder.order_id == Order.id) & (BatchOrder.batch_id == batch.id))
        .where(*holds(batch))
    )
    return page(statement, ask, by=[Order.id], key=lambda line: [line[0].id], build=tuple, descending=False)


def totals_by_org(batch: Batch) -> Sequence[tuple[UUID, UUID, str, int, int]]:
    """What was given back, as (buyer, agency, currency, orders, minor units)."""
    given = (
        select(Order.buyer_id, Order.agency_id, Order.currency, func.count(), func.sum(BatchOrder.cents))
        .join(BatchOrder, BatchOrder.order_id == Order.id)
        .where(BatchOrder.batch_id == batch.id, BatchOrder.result == "refunded")
    )
    rows = session().execute(given.group_by(Order.buyer_id, Order.agency_id, Order.currency)).all()
    return [(buyer, agency, currency, count, int(cents)) for buyer, agency, currency, count, cents in rows]


def had_a_hand(who: Who, order_id: UUID) -> bool:
    """Whether somebody proposed or approved the batch with which this order was voided."""
    mine = or_(Batch.proposed_by == who.user_id, Batch.decided_by == who.user_id)
    voided = exists().where(BatchOrder.order_id == order_id, BatchOrder.batch_id == Batch.id, mine)
    return bool(session().scalar(select(voided)))


def _fate(state: str, pricing: str) -> Fate | None:
    return fate_of(OrderState(state), is_per_sale=pricing == Pricing.PER_SALE)


def _summed(rows: Sequence[tuple[str, int, int]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for currency, count, cents in rows:
        orders, total = found.get(currency, (0, 0))
        found[currency] = orders + count, total + int(cents)
    return found
