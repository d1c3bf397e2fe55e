"""Reading disputes: both parties see theirs, staff see all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.catalog import Listing
from marketplace.disputes.models import Dispute, DisputeState, WaitingDecision
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead
from marketplace.orders import Order
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute with what a list of disputes shows beside it."""

    dispute: Dispute
    order: Order
    lead: Lead
    listing: Listing
    decide_by: datetime

    @classmethod
    def of(cls, row: Any) -> "DisputeLine":
        """From a row of `lines_for`; where an appeal waits, its time follows and counts."""
        dispute, order, lead, listing, *later = row
        return cls(dispute, order, lead, listing, *later or [dispute.decide_by])

    @property
    def id(self) -> UUID:
        return self.dispute.id


def find_for(who: Who, dispute_id: UUID, *, lock: bool = False) -> Dispute:
    """A dispute that `who` is a party of, or any for staff. Raises NotFound, Forbidden."""
    statement = select(Dispute).where(Dispute.id == dispute_id, _visible_to(who))
    dispute = session().scalar(fresh(statement) if lock else statement)
    if dispute is None:
        raise NotFound
    return dispute


def line_for(who: Who, dispute_id: UUID) -> DisputeLine:
    """The same with its order, lead and listing."""
    row = session().execute(lines_for(who).where(Dispute.id == dispute_id)).first()
    if row is None:
        raise NotFound
    return DisputeLine.of(row)


def disputes_for(who: Who, ask: Ask, state: str | None = None, *, states: Collection[str] = ()) -> Page[DisputeLine]:
    """Disputes that `who` may see, newest first. state, states: only those in one of them."""
    statement = lines_for(who)
    if wanted := {*states, *([state] if state else [])}:
        statement = statement.where(Dispute.state.in_(wanted))
    return page(statement, ask, by=[Dispute.id], key=lambda line: [line.id], build=DisputeLine.of)


def unanswered_for(who: Who, most: int) -> Sequence[DisputeLine]:
    """Disputes that wait for the agency's answer, those with the least time left at the top."""
    waiting = lines_for(who).where(Dispute.state == DisputeState.OPEN)
    soonest = waiting.order_by(Dispute.answer_by, Dispute.id).limit(most)
    return [DisputeLine.of(row) for row in session().execute(soonest)]


def count_unanswered(who: Who) -> int:
    """How many disputes that `who` may see wait for the agency's answer."""
    waiting = select(func.count()).select_from(Dispute).where(_visible_to(who), Dispute.state == DisputeState.OPEN)
    return int(session().scalar(waiting) or 0)


def counts_by_state(who: Who) -> dict[str, int]:
    """How many disputes that `who` may see are in each state."""
    counted = select(Dispute.state, func.count()).where(_visible_to(who)).group_by(Dispute.state)
    return dict(session().execute(counted).all())


def counts_to_decide(who: Who) -> dict[str, int]:
    """How many disputes wait for staff in each state, without those that have just been decided. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    waiting = Dispute.state.in_((DisputeState.OPEN, DisputeState.ANSWERED)), ~is_held_back()
    counted = select(Dispute.state, func.count()).where(*waiting).group_by(Dispute.state)
    return dict(session().execute(counted).all())


def of_order(who: Who, order_id: UUID) -> Dispute | None:
    """The newest dispute of an order, if there is one."""
    statement = select(Dispute).where(Dispute.order_id == order_id, _visible_to(who))
    return session().scalar(statement.order_by(Dispute.id.desc()).limit(1))


def is_held_back(dispute_id: InstrumentedAttribute[UUID] = Dispute.id, *, appeal: bool = False) -> ColumnElement[bool]:
    """Whether staff have just decided a dispute, or an appeal of it, and can still take that back.

    It stands in no list of theirs, and no clock decides it. dispute_id: the column that names the dispute.
    """
    waiting = WaitingDecision.dispute_id == dispute_id, WaitingDecision.taken_back_at.is_(None)
    return exists().where(*waiting, WaitingDecision.side.is_not(None) if appeal else WaitingDecision.side.is_(None))


def can_be_taken_back(dispute: Dispute) -> bool:
    """Whether a decision of staff waits for a dispute that the caller has locked; none can come until it is done."""
    waits = select(exists().where(Dispute.id == dispute.id, is_held_back()))
    return bool(session().scalar(waits))


def lead_of(dispute: Dispute) -> Lead:
    """The lead that a dispute is about; the caller has found the dispute for somebody."""
    return (
        session().scalars(select(Lead).join(Order, Order.lead_id == Lead.id).where(Order.id == dispute.order_id)).one()
    )


def lines_for(who: Who) -> Select[Dispute, Order, Lead, Listing]:
    """The columns of `DisputeLine` for the disputes that `who` may see."""
    return (
        select(Dispute, Order, Lead, Listing)
        .join(Order, Order.id == Dispute.order_id)
        .join(Lead, Lead.id == Order.lead_id)
        .join(Listing, Listing.id == Order.listing_id)
        .where(_visible_to(who))
    )


def _visible_to(who: Who) -> ColumnElement[bool]:
    who.need(Power.DISPUTES_READ)
    if who.is_staff:
        return true()
    return Dispute.buyer_id == who.org_id if who.is_buyer else Dispute.agency_id == who.org_id
