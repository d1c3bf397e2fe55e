"""Reading orders that are paid by the sale: where each stands, which wait for a report, which for a decision."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from marketplace import ledger
from marketplace.catalog import CommissionTerms, Listing, Pricing, terms_of_versions
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Lead
from marketplace.ledger import Account
from marketplace.orders.models import Order, OrderState
from marketplace.orders.queries import find_for, visible_to
from marketplace.orders.sales import rules
from marketplace.orders.sales.errors import NotPerSale
from marketplace.orders.sales.models import Acquisition, Sale, SaleState
from marketplace.people import Organisation, Power, Who

#: states of an order in which its buyer has to say how it went
AWAITED = (OrderState.ACQUIRED, OrderState.OVERDUE, OrderState.AUDIT)


@dataclass(frozen=True, slots=True)
class DealLine:
    """An order that is paid by the sale, with what was agreed for it."""

    order: Order
    acquisition: Acquisition
    lead: Lead
    listing: Listing
    agency: Organisation

    @classmethod
    def of(cls, row: Any) -> "DealLine":
        """From a row of `_deals`."""
        return cls(*row)

    @property
    def id(self) -> UUID:
        return self.order.id


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order that is paid by the sale is.

    Attributes:
        deposit: what is left of the deposit. due: what should have been paid of commissions by now and is not.
        held: of commissions, now.
        first: the sale from which repeat sales are counted; repeat_until: how long they count, None without.
    """

    acquisition: Acquisition
    terms: CommissionTerms
    sales: Sequence[Sale]
    deposit: Money
    held: Money
    due: Money
    first: Sale | None
    repeat_until: datetime | None


def standing_for(who: Who, order_id: UUID) -> Standing:
    """Where a party's order is. Raises NotFound, Forbidden, NotPerSale."""
    order = find_for(who, order_id)
    return standing_of(order)


def standing_of(order: Order) -> Standing:
    """The same for an order that was found for somebody. Raises NotPerSale."""
    found = standings_of([order]).get(order.id)
    if found is None:
        raise NotPerSale
    return found


def standings_of(orders: Iterable[Order]) -> dict[UUID, Standing]:
    """The same for those of many orders that are paid by the sale, by their ids; as many questions as for one."""
    deals = [order for order in orders if order.is_per_sale]
    if not deals:
        return {}
    ids, terms, sales = [order.id for order in deals], terms_of_orders(deals), defaultdict(list)
    for sale in session().scalars(select(Sale).where(Sale.order_id.in_(ids)).order_by(Sale.id)):
        sales[sale.order_id].append(sale)
    deposits = ledger.balances_of(Account.ORDER_DEPOSIT, ids)
    acquired = session().scalars(select(Acquisition).where(Acquisition.order_id.in_(ids)))
    acquisitions = {each.order_id: each for each in acquired}
    return {
        order.id: _standing(
            acquisitions[order.id],
            terms[order.id],
            sales[order.id],
            Money(deposits.get((order.id, order.currency), 0), order.currency),
        )
        for order in deals
    }


def _standing(acquisition: Acquisition, terms: CommissionTerms, sales: Sequence[Sale], deposit: Money) -> Standing:
    first = rules.first_of(sales)
    return Standing(
        acquisition=acquisition,
        terms=terms,
        sales=sales,
        deposit=deposit,
        held=Money(sum(sale.held.amount for sale in sales), deposit.currency),
        due=Money(sum(due_of(sale, terms).amount for sale in sales), deposit.currency),
        first=first,
        repeat_until=rules.repeat_until(first.sold_at, terms.repeat_months) if first else None,
    )


def terms_of(order: Order) -> CommissionTerms:
    """What was agreed for an order that is paid by the sale. Raises NotPerSale."""
    found = terms_of_orders([order]).get(order.id)
    if found is None:
        raise NotPerSale
    return found


def terms_of_orders(orders: Collection[Order]) -> dict[UUID, CommissionTerms]:
    """The same for those of many orders that are paid by the sale, by their ids."""
    agreed = terms_of_versions({(order.listing_id, order.listing_version) for order in orders})
    by_order = {order.id: CommissionTerms.of(agreed[order.listing_id, order.listing_version]) for order in orders}
    return {order_id: terms for order_id, terms in by_order.items() if terms}


def due_of(sale: Sale, terms: CommissionTerms) -> Money:
    """What should have been paid of a commission by now and is not."""
    payable = 0
    if sale.state == SaleState.COMMISSION_DUE and sale.accepted_at:
        payable, _next = rules.payable_by(sale.commission_cents, terms.instalments, sale.accepted_at, clock.now())
    return Money(max(0, payable - sale.kept_cents), sale.currency)


def plan_of(sale: Sale, terms: CommissionTerms) -> list[tuple[datetime, Money]]:
    """The monthly parts of an agreed commission with their days; one where it is paid at once, none before."""
    if sale.accepted_at is None:
        return []
    parts = rules.parts(sale.commission_cents, terms.instalments, sale.accepted_at)
    return [(at, Money(cents, sale.currency)) for at, cents in parts]


def deals_for(who: Who, ask: Ask, states: Collection[str] = AWAITED) -> Page[DealLine]:
    """A party's orders that are paid by the sale, in one of these states, by the day on which their report is due."""
    return page(
        _deals(visible_to(who)).where(Order.state.in_(states)),
        ask,
        by=[Acquisition.report_due_at, Order.id],
        key=lambda line: [line.acquisition.report_due_at, line.id],
        build=DealLine.of,
        descending=False,
    )


def claims_for(who: Who, most: int) -> Sequence[DealLine]:
    """Claims that there was no sale which the agency may contest, those with the least time left at the top."""
    waiting = _deals(visible_to(who)).where(Order.state == OrderState.NO_SALE_CLAIMED)
    soonest = waiting.order_by(Acquisition.answer_by, Order.id).limit(most)
    return [DealLine.of(row) for row in session().execute(soonest)]


def deal_counts(who: Who) -> dict[str, int]:
    """How many of a party's orders that are paid by the sale are in each state."""
    counted = select(Order.state, func.count()).where(visible_to(who), Order.pricing == Pricing.PER_SALE)
    return dict(session().execute(counted.group_by(Order.state)).all())


def audits_for(who: Who, ask: Ask) -> Page[DealLine]:
    """What staff have to decide: orders in audit, and orders with a contested sale, oldest first. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    return page(
        _deals(_to_decide()), ask, by=[Order.id], key=lambda line: [line.id], build=DealLine.of, descending=False
    )


def audit_for(who: Who, order_id: UUID) -> DealLine:
    """One order that is paid by the sale, for staff. Raises Forbidden, NotFound."""
    who.need(Power.DISPUTES_DECIDE)
    row = session().execute(_deals(Order.id == order_id)).first()
    if row is None:
        raise NotFound
    return DealLine.of(row)


def count_audits(who: Who) -> int:
    """How many orders wait for a decision of staff."""
    who.need(Power.DISPUTES_DECIDE)
    return int(session().scalar(select(func.count()).select_from(Order).where(_to_decide())) or 0)


def _to_decide() -> ColumnElement[bool]:
    contested = exists().where(Sale.order_id == Order.id, Sale.state == SaleState.CONTESTED)
    return or_(Order.state == OrderState.AUDIT, (Order.state == OrderState.REPORTED) & contested)


def _deals(which: ColumnElement[bool]) -> Select[Order, Acquisition, Lead, Listing, Organisation]:
    return (
        select(Order, Acquisition, Lead, Listing, Organisation)
        .join(Acquisition, Acquisition.order_id == Order.id)
        .join(Lead, Lead.id == Order.lead_id)
        .join(Listing, Listing.id == Order.listing_id)
        .join(Organisation, Organisation.id == Order.agency_id)
        .where(which)
    )
