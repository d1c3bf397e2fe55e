"""Reading sales, always for somebody: the buyer its reports, the agency its commissions, staff any of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from marketplace.catalog import Listing
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead
from marketplace.orders.models import Order
from marketplace.orders.queries import visible_to
from marketplace.orders.sales.models import Acquisition, Sale, SaleState
from marketplace.people import Organisation, Power, Who


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A sale with what a list of sales shows beside it."""

    sale: Sale
    order: Order
    lead: Lead
    listing: Listing
    agency: Organisation

    @classmethod
    def of(cls, row: Any) -> "SaleLine":
        """From a row of `_lines`."""
        return cls(*row)

    @property
    def id(self) -> UUID:
        return self.sale.id


def find_sale_for(who: Who, sale_id: UUID) -> Sale:
    """A party's sale. Raises NotFound, Forbidden."""
    return line_for(who, sale_id).sale


def line_for(who: Who, sale_id: UUID) -> SaleLine:
    """A party's sale, or any for staff who decide, with what belongs to it. Raises NotFound, Forbidden."""
    row = session().execute(_lines(_readable(who)).where(Sale.id == sale_id)).first()
    if row is None:
        raise NotFound
    return SaleLine.of(row)


def sales_for(who: Who, ask: Ask, *, states: Collection[str] = (), order_id: UUID | None = None) -> Page[SaleLine]:
    """A party's sales, newest first."""
    statement = _lines(_readable(who))
    if states:
        statement = statement.where(Sale.state.in_(states))
    if order_id:
        statement = statement.where(Sale.order_id == order_id)
    return page(statement, ask, by=[Sale.id], key=lambda line: [line.id], build=SaleLine.of)


def answerable_for(who: Who, most: int) -> Sequence[SaleLine]:
    """Reports of sales that the agency may contest now, those with the least time left at the top."""
    waiting = _lines(_readable(who)).where(_answerable()).order_by(Sale.answer_by, Sale.id)
    return [SaleLine.of(row) for row in session().execute(waiting.limit(most))]


def lines_of(who: Who, sale_ids: Collection[UUID]) -> dict[UUID, SaleLine]:
    """Those of these sales that `who` is a party of, by their id."""
    rows = session().execute(_lines(_readable(who)).where(Sale.id.in_(sale_ids)))
    return {line.id: line for line in map(SaleLine.of, rows)}


def counts_by_state(who: Who) -> dict[str, int]:
    """How many of a party's sales are in each state."""
    counted = select(Sale.state, func.count()).join(Order, Order.id == Sale.order_id).where(_readable(who))
    return dict(session().execute(counted.group_by(Sale.state)).all())


def count_answerable(who: Who) -> int:
    """How many reports, and claims that there was no sale, the agency may contest now."""
    reports = select(func.count()).select_from(Sale).where(Sale.agency_id == who.org_id, _answerable())
    claims = (
        select(func.count())
        .select_from(Acquisition)
        .join(Order, Order.id == Acquisition.order_id)
        .where(Order.agency_id == who.org_id, Acquisition.answer_by > clock.now())
    )
    return _of_both(reports, claims)


def count_pressing(who: Who) -> int:
    """How many overdue reports and unpaid commissions a buyer has."""
    overdue = select(func.count()).select_from(Acquisition).where(_mine_overdue(who))
    unpaid = select(func.count()).select_from(Sale)
    unpaid = unpaid.where(Sale.buyer_id == who.org_id, Sale.stops_buying_at.is_not(None))
    return _of_both(overdue, unpaid)


def unpaid_for(who: Who) -> Sequence[SaleLine]:
    """A buyer's sales with a commission that is due and not paid, the one that stops buying first at the top."""
    unpaid = _lines(_readable(who)).where(Sale.stops_buying_at.is_not(None))
    return [SaleLine.of(row) for row in session().execute(unpaid.order_by(Sale.stops_buying_at, Sale.id).limit(50))]


def is_stopped(who: Who) -> bool:
    """Whether the buyer buys nothing because a commission has been due for too long."""
    over = Sale.buyer_id == who.org_id, Sale.stops_buying_at <= clock.now()
    return bool(session().scalar(select(exists().where(*over))))


def is_overdue(who: Who) -> bool:
    """Whether the buyer acquires nothing because reports are overdue."""
    return bool(session().scalar(select(exists().where(_mine_overdue(who)))))


def _of_both(one: Select[int], other: Select[int]) -> int:
    """Two counts in one question: they stand on every page."""
    return int(session().scalar(select(one.scalar_subquery() + other.scalar_subquery())) or 0)


def _mine_overdue(who: Who) -> ColumnElement[bool]:
    return (Acquisition.buyer_id == who.org_id) & Acquisition.is_overdue


def _answerable() -> ColumnElement[bool]:
    ended = (SaleState.CONTESTED, SaleState.VOID)
    return (Sale.answer_by > clock.now()) & Sale.state.not_in(ended)


def _readable(who: Who) -> ColumnElement[bool]:
    """The sales that somebody may read. Raises Forbidden."""
    if who.is_staff:
        who.need(Power.DISPUTES_DECIDE)
        return Sale.id.is_not(None)
    return visible_to(who)


def _lines(which: ColumnElement[bool]) -> Select[Sale, Order, Lead, Listing, Organisation]:
    return (
        select(Sale, Order, Lead, Listing, Organisation)
        .join(Order, Order.id == Sale.order_id)
        .join(Lead, Lead.id == Order.lead_id)
        .join(Listing, Listing.id == Order.listing_id)
        .join(Organisation, Organisation.id == Order.agency_id)
        .where(which)
    )
