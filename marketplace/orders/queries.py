"""Reading orders, always for somebody: the buyer sees its purchases, the agency its sales."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from marketplace import leads
from marketplace.catalog import Listing, Pricing
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Contact, Lead
from marketplace.orders.models import UNSETTLED, Order, OrderState
from marketplace.people import Organisation, Power, Who


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order with what a list of orders shows beside it."""

    order: Order
    lead: Lead
    listing: Listing
    agency: Organisation

    @classmethod
    def of(cls, row: Any) -> "OrderLine":
        """From a row of `_lines`."""
        return cls(*row)

    @property
    def id(self) -> UUID:
        return self.order.id


def find_for(who: Who, order_id: UUID, *, lock: bool = False) -> Order:
    """A party's order. Raises NotFound, Forbidden."""
    statement = select(Order).where(Order.id == order_id, visible_to(who))
    order = session().scalar(fresh(statement) if lock else statement)
    if order is None:
        raise NotFound
    return order


def is_per_sale(order_id: UUID) -> bool:
    """How an order is paid; the caller has found it for somebody."""
    return session().scalar(select(Order.pricing).where(Order.id == order_id)) == Pricing.PER_SALE


def is_frozen(order_id: UUID) -> bool:
    """Whether a bank holds an order now; the caller has found it for somebody."""
    return session().scalar(select(Order.state).where(Order.id == order_id)) == OrderState.FROZEN


def line_for(who: Who, order_id: UUID) -> OrderLine:
    """A party's order with its lead, listing and agency. Raises NotFound, Forbidden."""
    row = session().execute(_lines(who).where(Order.id == order_id)).first()
    if row is None:
        raise NotFound
    return OrderLine.of(row)


def of_lead(who: Who, lead_id: UUID) -> Order | None:
    """The buyer's own purchase of a lead, if there is one."""
    who.need(Power.ORDERS_READ)
    return session().scalar(select(Order).where(Order.lead_id == lead_id, Order.buyer_id == who.org_id))


def lines_of(who: Who, order_ids: Collection[UUID]) -> dict[UUID, OrderLine]:
    """Those of these orders that `who` is a party of, by their id."""
    lines = [OrderLine.of(row) for row in session().execute(_lines(who).where(Order.id.in_(order_ids)))]
    return {line.id: line for line in lines}


def orders_for(who: Who, ask: Ask, state: str | None = None, *only: ColumnElement[bool]) -> Page[OrderLine]:
    """A party's orders, newest first; `only` those that fit further conditions."""
    statement = _lines(who).where(*only)
    if state:
        statement = statement.where(Order.state == state)
    return page(statement, ask, by=[Order.id], key=lambda line: [line.id], build=OrderLine.of)


def counts_by_state(who: Who) -> dict[str, int]:
    """How many of a party's orders are in each state."""
    counted = select(Order.state, func.count()).where(visible_to(who)).group_by(Order.state)
    return dict(session().execute(counted).all())


def contact_for(who: Who, order_id: UUID) -> Contact:
    """The person of a bought lead; the reading is logged, so call it inside a transaction.

    Raises:
        NotFound: no such order of this buyer. Forbidden: the role does not read orders.
    """
    order = find_for(who, order_id)
    return leads.open_contact(who, order.lead_id)


def answering_for(who: Who, chargeback_id: UUID, ask: Ask) -> Page[Order]:
    """Orders that are frozen for a chargeback, newest first, for staff. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    frozen = select(Order).where(Order.frozen_by == chargeback_id)
    return page(frozen, ask, by=[Order.id], key=lambda order: [order.id])


def sales_of(who: Who, lead_id: UUID) -> Sequence[Order]:
    """An agency's sales of one lead, oldest first."""
    return session().scalars(select(Order).where(Order.lead_id == lead_id, visible_to(who)).order_by(Order.id)).all()


def sold_by_listing(who: Who, listing_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many sales an agency made under each of these listings, disputed and refunded ones too."""
    counted = select(Order.listing_id, func.count()).where(visible_to(who), Order.listing_id.in_(listing_ids))
    return dict(session().execute(counted.group_by(Order.listing_id)).all())


def unsettled_for(who: Who, ask: Ask) -> Page[OrderLine]:
    """A party's orders whose price is still held, those that are settled first at the top."""
    return page(
        _lines(who).where(Order.pricing == Pricing.PER_LEAD, Order.state.in_(UNSETTLED)),
        ask,
        by=[Order.releasable_at, Order.id],
        key=lambda line: [line.order.releasable_at, line.id],
        build=OrderLine.of,
        descending=False,
    )


def _lines(who: Who) -> Select[Order, Lead, Listing, Organisation]:
    return (
        select(Order, Lead, Listing, Organisation)
        .join(Lead, Lead.id == Order.lead_id)
        .join(Listing, Listing.id == Order.listing_id)
        .join(Organisation, Organisation.id == Order.agency_id)
        .where(visible_to(who))
    )


def visible_to(who: Who) -> ColumnElement[bool]:
    """The orders that somebody may read. Raises Forbidden."""
    who.need(Power.ORDERS_READ if who.is_buyer else Power.LEADS_READ)
    return party(who)


def party(who: Who) -> ColumnElement[bool]:
    """The orders of the buyer, or of the agency, that somebody acts for."""
    return Order.buyer_id == who.org_id if who.is_buyer else Order.agency_id == who.org_id
