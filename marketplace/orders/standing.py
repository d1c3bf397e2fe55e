"""Where the money of a party's orders stands: held for leads, for deposits, for commissions, kept back as a reserve."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, case, func, select, union_all

from marketplace import ledger
from marketplace.catalog import Pricing
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.ledger import Account
from marketplace.orders.models import HELD_CENTS, UNSETTLED, Order, OrderState
from marketplace.orders.queries import party, visible_to
from marketplace.orders.sales.models import Acquisition, Sale, SaleRelease
from marketplace.people import Power, Who


def held_for(who: Who, currency: str) -> int:
    """What is held now of a buyer's orders, deposits too, or for an agency's sales, in minor units."""
    leads = select(func.coalesce(func.sum(HELD_CENTS), 0)).where(*_priced(who, currency), Order.state.in_(UNSETTLED))
    commissions = select(func.coalesce(func.sum(_held_of_sale()), 0)).where(_sales_of(who), Sale.currency == currency)
    both = select(leads.scalar_subquery() + commissions.scalar_subquery())
    held = int(session().execute(both).scalar_one())
    return held + deposits_for(who, currency) if who.is_buyer else held


def deposits_for(who: Who, currency: str) -> int:
    """What a buyer's deposits on leads by the sale hold now, in minor units."""
    waiting = select(Acquisition.order_id).where(Acquisition.buyer_id == who.org_id, ~Acquisition.deposit_back)
    return ledger.total(Account.ORDER_DEPOSIT, waiting, currency)


def reserve_for(who: Who, currency: str) -> int:
    """What is kept back of an agency's released sales until its time has come, in minor units."""
    who.need(Power.BALANCE_READ)
    leads = select(Order.id).where(
        *_priced(who, currency), Order.state == OrderState.RELEASED, Order.reserve_paid.is_(False)
    )
    sales = _kept_back(who, currency).with_only_columns(Sale.id)
    return sum(ledger.total(Account.SUPPLIER_RESERVE, owners, currency) for owners in (leads, sales))


def held_by_day(who: Who, currency: str) -> list[tuple[date, int]]:
    """What is held of a party's orders by the day (UTC) on which it is settled, soonest first, in minor units.

    Disputed orders and deposits are left out: nobody knows their day yet.
    """
    who.need(Power.WALLET_READ if who.is_buyer else Power.BALANCE_READ)
    leads = select(Order.releasable_at.label("at"), HELD_CENTS.label("cents")).where(
        *_priced(who, currency), Order.state.in_((OrderState.HELD, OrderState.PARTLY_REFUNDED))
    )
    commissions = select(Sale.releasable_at, _held_of_sale()).where(
        _sales_of(who), Sale.currency == currency, Sale.releasable_at.is_not(None)
    )
    both = union_all(leads, commissions).subquery()
    day = func.timezone("UTC", both.c.at).cast(Date)
    settled = select(day, func.sum(both.c.cents)).group_by(day).order_by(day)
    return [(on, int(cents)) for on, cents in session().execute(settled)]


def next_reserve_for(who: Who, currency: str) -> datetime | None:
    """When the next part of an agency's reserve is paid to it, None while there is none."""
    who.need(Power.BALANCE_READ)
    leads = select(func.min(Order.reserve_until)).where(
        *_priced(who, currency), Order.state == OrderState.RELEASED, Order.reserve_paid.is_(False)
    )
    sales = _kept_back(who, currency).with_only_columns(func.min(SaleRelease.reserve_until))
    found = [session().scalar(each) for each in (leads, sales)]
    return min((at for at in found if at), default=None)


def sold_of_import(who: Who, import_id: UUID) -> list[tuple[int, Money]]:
    """What the leads of one file have sold for so far: how many and for how much, in each currency.

    Of a lead that is paid by the sale it is what has been paid of commissions; its deposit is the buyer's.
    """
    paid = (
        select(func.coalesce(func.sum(Sale.paid_cents - Sale.returned_cents), 0))
        .where(Sale.order_id == Order.id)
        .scalar_subquery()
    )
    earned = case((Order.pricing == Pricing.PER_LEAD, Order.price_cents), else_=paid)
    sums = (
        select(Order.currency, func.count(), func.sum(earned))
        .join(Lead, Lead.id == Order.lead_id)
        .where(visible_to(who), Lead.import_id == import_id)
        .group_by(Order.currency)
        .order_by(Order.currency)
    )
    return [(count, Money(int(cents), currency)) for currency, count, cents in session().execute(sums)]


def _priced(who: Who, currency: str) -> tuple[ColumnElement[bool], ...]:
    return party(who), Order.pricing == Pricing.PER_LEAD, Order.currency == currency


def _held_of_sale() -> ColumnElement[int]:
    return Sale.paid_cents - Sale.returned_cents - Sale.released_cents


def _sales_of(who: Who) -> ColumnElement[bool]:
    return Sale.buyer_id == who.org_id if who.is_buyer else Sale.agency_id == who.org_id


def _kept_back(who: Who, currency: str) -> Select[Sale]:
    return (
        select(Sale)
        .join(SaleRelease, SaleRelease.sale_id == Sale.id)
        .where(Sale.agency_id == who.org_id, Sale.currency == currency, SaleRelease.reserve_paid.is_(False))
    )
