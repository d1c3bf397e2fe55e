"""Reading outcomes, always for somebody: the buyer its own, the agency those of its leads, without the words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from marketplace.kit.db import Ts, session
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead
from marketplace.orders.models import Order
from marketplace.orders.outcomes.models import IN_CONTACT, REPORTED, Outcome, Stage
from marketplace.orders.outcomes.rules import next_stages
from marketplace.orders.queries import find_for, visible_to
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome with its order and lead."""

    outcome: Outcome
    order: Order
    lead: Lead

    @property
    def id(self) -> UUID:
        return self.outcome.id


@dataclass(frozen=True, slots=True)
class SubId:
    """How the sold leads of one sub-ID of one listing went, by the stage that each is at now."""

    listing_id: UUID
    channel: str
    sub_id: str
    sold: int
    stages: Mapping[str, int]

    @property
    def told(self) -> int:
        """Of how many of them a buyer has said anything."""
        return self.sold - self.stages.get(Stage.NEW, 0)


def outcomes_of(who: Who, order_id: UUID) -> Sequence[Outcome]:
    """Everything that was reported of a party's order, oldest first. Raises NotFound, Forbidden."""
    order = find_for(who, order_id)
    return session().scalars(select(Outcome).where(Outcome.order_id == order.id).order_by(Outcome.id)).all()


def outcomes_for(who: Who, ask: Ask, *, stage: str | None = None, order_id: UUID | None = None) -> Page[OutcomeLine]:
    """Everything that was reported of a party's orders, or of one of them, newest first. Raises NotFound, Forbidden."""
    statement = (
        select(Outcome, Order, Lead)
        .join(Order, Order.id == Outcome.order_id)
        .join(Lead, Lead.id == Order.lead_id)
        .where(_told_to(who))
    )
    if stage:
        statement = statement.where(Outcome.stage == stage)
    if order_id:
        statement = statement.where(Outcome.order_id == find_for(who, order_id).id)
    return page(statement, ask, by=[Outcome.id], key=lambda line: [line.id], build=lambda row: OutcomeLine(*row))


def _told_to(who: Who) -> ColumnElement[bool]:
    """The outcomes of the orders that somebody may read. Raises Forbidden."""
    who.need(Power.ORDERS_READ if who.is_buyer else Power.LEADS_READ)
    return Outcome.buyer_id == who.org_id if who.is_buyer else Outcome.agency_id == who.org_id


def stage_of(order: Order) -> Stage:
    """How far the buyer is with an order that was found for somebody."""
    latest = latest_of([order.id]).get(order.id)
    return Stage(latest.stage) if latest else Stage.NEW


def open_stages(order: Order) -> list[Stage]:
    """What can be reported of it now, in the usual order of things."""
    following = next_stages(order, stage_of(order))
    return [stage for stage in REPORTED if stage in following]


def at_stage(stage: str) -> ColumnElement[bool]:
    """The orders that are at a stage, as a condition on them."""
    latest = exists().where(Outcome.order_id == Order.id, Outcome.is_latest)
    return ~latest if stage == Stage.NEW else latest.where(Outcome.stage == stage)


def latest_of(order_ids: Collection[UUID]) -> dict[UUID, Outcome]:
    """Where these orders are, which were found for somebody; those of which nothing was reported are left out."""
    found = select(Outcome).where(Outcome.order_id.in_(order_ids), Outcome.is_latest)
    return {outcome.order_id: outcome for outcome in session().scalars(found)}


def told_of(order: Order) -> Sequence[Outcome]:
    """Everything that was reported of an order that was found for somebody, oldest first."""
    return session().scalars(select(Outcome).where(Outcome.order_id == order.id).order_by(Outcome.id)).all()


def first_contact_of(reported: Sequence[Outcome]) -> datetime | None:
    """When the buyer first had contact with the person, as far as it was reported."""
    return min((outcome.at for outcome in reported if outcome.stage in IN_CONTACT), default=None)


def counts_by_stage(who: Who) -> dict[str, int]:
    """How many of a party's orders are at each stage."""
    stage = func.coalesce(Outcome.stage, Stage.NEW)
    counted = _with_latest(select(stage, func.count())).where(visible_to(who)).group_by(stage)
    return dict(session().execute(counted).all())


def by_sub_id(who: Who, most: int) -> Sequence[SubId]:
    """How an agency's sold leads went, by listing, channel and sub-ID, those with the most sales first."""
    who.need(Power.LEADS_READ)
    origin = (Lead.listing_id, Lead.channel, func.coalesce(Lead.sub_id, "").label("sub_id"))
    stage, sold = func.coalesce(Outcome.stage, Stage.NEW), func.count().label("sold")
    at_each = [func.count().filter(stage == each).label(each) for each in Stage]
    counted = (
        _with_latest(select(*origin, sold, *at_each))
        .join(Lead, Lead.id == Order.lead_id)
        .where(Order.agency_id == who.org_id)
        .group_by(*origin)
        .order_by(sold.desc(), Lead.channel, origin[-1])
        .limit(most)
    )
    return [_sub_id(*row) for row in session().execute(counted)]


def _sub_id(listing_id: UUID, channel: str, sub_id: str, sold: int, *at_each: int) -> SubId:
    stages = {str(stage): count for stage, count in zip(Stage, at_each, strict=True) if count}
    return SubId(listing_id, channel, sub_id, sold, stages)


def _with_latest(statement: Select[*Ts]) -> Select[*Ts]:
    return statement.select_from(Order).outerjoin(Outcome, (Outcome.order_id == Order.id) & Outcome.is_latest)
