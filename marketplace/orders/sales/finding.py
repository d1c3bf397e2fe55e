"""Finding an order that is paid by the sale, with what belongs to it, for changing it: the order is locked first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ScalarResult, Select, select

from marketplace.catalog import CommissionTerms, terms_at
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import find_for
from marketplace.orders.sales.errors import NotPerSale, OwnAudit
from marketplace.orders.sales.models import Acquisition, Sale, SaleState
from marketplace.orders.sales.rules import first_of
from marketplace.people import Power, Who
from marketplace.people.queries.ties import has_ties

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deal:
    """An order that is paid by the sale, locked, with the terms that were frozen for it and all of its sales."""

    order: Order
    acquisition: Acquisition
    terms: CommissionTerms
    sales: Sequence[Sale]

    @property
    def states(self) -> list[SaleState]:
        return [SaleState(sale.state) for sale in self.sales]

    def by_reference(self, reference: str) -> Sale | None:
        """The sale that the buyer calls so; one that was taken back leaves its name free."""
        found = (sale for sale in self.sales if sale.reference == reference and sale.state != SaleState.VOID)
        return next(found, None)

    def with_sale(self, sale: Sale) -> "Deal":
        """The same with one sale more."""
        return replace(self, sales=[*self.sales, sale])

    def sale(self, sale_id: UUID) -> Sale:
        return next(sale for sale in self.sales if sale.id == sale_id)

    @property
    def first_sale(self) -> Sale | None:
        """The sale from which repeat sales are counted, as long as it stands."""
        return first_of(self.sales)


def deal_for(who: Who, order_id: UUID) -> Deal:
    """A party's order, locked. Raises NotFound, Forbidden, NotPerSale."""
    return _deal(find_for(who, order_id, lock=True))


def deal_of_sale(who: Who, sale_id: UUID) -> Deal:
    """The order of a sale that `who` is a party of, locked. Raises NotFound, Forbidden."""
    return deal_for(who, _order_of(sale_id))


def any_deal(order_id: UUID) -> Deal:
    """An order for a job that looks at the clock, locked."""
    return _deal(session().scalars(fresh(select(Order).where(Order.id == order_id))).one())


def judged_deal(who: Who, order_id: UUID) -> Deal:
    """An order for staff without ties to a side, locked. Raises Forbidden, NotFound, OwnAudit."""
    who.need(Power.DISPUTES_DECIDE)
    order = session().scalar(fresh(select(Order).where(Order.id == order_id)))
    if order is None:
        raise NotFound
    if has_ties(who.user_id, (order.buyer_id, order.agency_id)):
        raise OwnAudit
    return _deal(order)


def judged_sale(who: Who, sale_id: UUID) -> Deal:
    """The order of a sale for staff, locked. Raises Forbidden, NotFound, OwnAudit."""
    who.need(Power.DISPUTES_DECIDE)
    return judged_deal(who, _order_of(sale_id))


def _order_of(sale_id: UUID) -> UUID:
    order_id = session().scalar(select(Sale.order_id).where(Sale.id == sale_id))
    if order_id is None:
        raise NotFound
    return order_id


def _deal(order: Order) -> Deal:
    if not order.is_per_sale:
        raise NotPerSale
    terms = CommissionTerms.of(terms_at(order.listing_id, order.listing_version))
    if terms is None:
        raise NotPerSale
    acquisition = _read(select(Acquisition).where(Acquisition.order_id == order.id)).one()
    return Deal(order, acquisition, terms, _read(select(Sale).where(Sale.order_id == order.id).order_by(Sale.id)).all())


def _read(statement: Select[T]) -> ScalarResult[T]:
    """As it is now: whoever changes these rows holds the lock of their order."""
    return session().scalars(statement, execution_options={"populate_existing": True})
