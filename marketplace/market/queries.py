"""Browsing the catalogue: what is on sale now, for a buyer."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from marketplace.catalog import FullAgency, Listing, ListingState, price_column
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, SortKey, page
from marketplace.leads import ContactRight, Lead, LeadState, holds, is_withdrawn, twins
from marketplace.market.filters import GRADES, Filters, Sort
from marketplace.market.masked import MaskedLead
from marketplace.people import Organisation, Power, Who

#: the filters that are counted
FACETS = ("vertical", "country", "region", "currency", "exclusivity", "temperature", "contact_type", "qualification")
_OF_LISTING = frozenset({"currency", "exclusivity"})


def browse(who: Who, filters: Filters, ask: Ask) -> Page[MaskedLead]:
    """One page of what the buyer can buy now."""
    who.need(Power.CATALOG_READ)
    statement = _masked().where(*_offered(), *_wanted(filters), *_for_me(who))
    if filters.sort == "score":  # a lead that was not scored yet has no place in this order
        statement = statement.where(Lead.real_bp.is_not(None))
    column, value = _order(filters.sort)
    return page(
        statement,
        ask,
        by=[column, Lead.id],
        key=lambda found: [value(found), found.id],
        build=MaskedLead.of,
        descending=filters.sort != "price",
    )


def total(who: Who, filters: Filters) -> int:
    """How many leads fit the filters."""
    statement = select(func.count()).select_from(Lead).join(Listing, Listing.id == Lead.listing_id)
    mine = [_is_new_to(who), twins.is_none_of(twins.kept_back(who.org_id))]
    return int(session().scalar(statement.where(*_offered(), *_wanted(filters), *mine)) or 0)


def facets(who: Who, filters: Filters) -> dict[str, dict[str, int]]:
    """For each filter: its values with how many leads there are, all other filters applied."""
    who.need(Power.CATALOG_READ)
    mine = [_is_new_to(who), twins.is_none_of(twins.kept_back(who.org_id))]
    return {name: _counts(mine, filters, name) for name in FACETS}


def find_for(who: Who, lead_id: UUID) -> MaskedLead:
    """A lead that the buyer can buy or has bought, masked. Raises NotFound, Forbidden."""
    who.need(Power.CATALOG_READ)
    row = session().execute(_masked().where(Lead.id == lead_id, *_offered(), *twins.is_for(who.org_id))).first()
    if row is None:
        raise NotFound
    return MaskedLead.of(row)


def find_all_for(who: Who, lead_ids: Collection[UUID]) -> Sequence[MaskedLead]:
    """Those of these leads that are on sale now, in the catalogue's usual order."""
    who.need(Power.CATALOG_READ)
    wanted = _masked().where(Lead.id.in_(lead_ids), *_offered(), *_for_me(who))
    ordered = wanted.order_by(Lead.place.desc(), Lead.id.desc())
    return [MaskedLead.of(row) for row in session().execute(ordered)]


def sample(count: int) -> Sequence[MaskedLead]:
    """The leads of open trades that stand first in the catalogue, for the public front page.

    What is kept back from some buyers, or from all because its reader wants no more calls, stands here and counts like
    any other: an agency could read from a lead of its own that is missing what others know of the person.
    """
    statement = _masked().where(*_on_sale()).order_by(Lead.place.desc(), Lead.id.desc()).limit(count)
    return [MaskedLead.of(row) for row in session().execute(statement)]


def public_counts() -> tuple[int, int]:
    """How many leads are on sale now, and in how many trades."""
    statement = select(func.count(), func.count(Lead.vertical.distinct())).select_from(Lead)
    row = session().execute(statement.join(Listing, Listing.id == Lead.listing_id).where(*_on_sale())).one()
    return int(row[0]), int(row[1])


def _masked() -> Select[Lead, Listing, Organisation]:
    return (
        select(Lead, Listing, Organisation)
        .join(Listing, Listing.id == Lead.listing_id)
        .join(Organisation, Organisation.id == Lead.agency_id)
    )


def _on_sale() -> list[ColumnElement[bool]]:
    """As everybody may see it."""
    return [
        Lead.state == LeadState.AVAILABLE,
        Lead.expires_at > clock.now(),
        Listing.state == ListingState.ACTIVE,
        Listing.agency_id.not_in(select(FullAgency.agency_id)),
        ~holds.is_held(),
    ]


def _offered() -> list[ColumnElement[bool]]:
    """As buyers see it: not what comes from a reader who wants no more calls."""
    return [*_on_sale(), ~is_withdrawn(Lead.id)]


def _for_me(who: Who) -> list[ColumnElement[bool]]:
    """For a few leads: neither bought by the buyer nor kept back from it."""
    return [_is_new_to(who), *twins.is_for(who.org_id)]


def _is_new_to(who: Who) -> ColumnElement[bool]:
    return ~exists().where(ContactRight.lead_id == Lead.id, ContactRight.org_id == who.org_id)


def _wanted(filters: Filters, *, but: str = "") -> list[ColumnElement[bool]]:
    columns: dict[str, Any] = {
        "vertical": Lead.vertical,
        "country": Lead.country,
        "region": Lead.region,
        "currency": Listing.currency,
        "exclusivity": Listing.exclusivity,
        "temperature": Lead.temperature,
        "contact_type": Lead.contact_type,
        "qualification": Lead.qualification,
    }
    wanted: list[ColumnElement[bool]] = [
        column == getattr(filters, name) for name, column in columns.items() if getattr(filters, name) and name != but
    ]
    if filters.max_price is not None:
        wanted.append(_price_now() <= filters.max_price)
    if filters.least_bp:
        wanted.append(Lead.real_bp >= filters.least_bp)
    if filters.min_grade is not None:
        enough = GRADES[: GRADES.index(filters.min_grade) + 1]
        wanted.append(Lead.agency_id.in_(select(Organisation.id).where(Organisation.grade.in_(enough))))
    if filters.fresh_hours is not None:
        wanted.append(Lead.submitted_at > clock.now() - timedelta(hours=filters.fresh_hours))
    return wanted


def _order(sort: Sort) -> tuple[SortKey, Callable[[MaskedLead], Any]]:
    """What the catalogue is sorted by: the column, and its value in a lead. Only "price" has the least first."""
    if sort == "best":
        return Lead.place, lambda found: found.lead.place
    if sort == "newest":
        return Lead.submitted_at, lambda found: found.lead.submitted_at
    if sort == "score":
        return Lead.real_bp, lambda found: found.lead.real_bp
    return _price_now(), lambda found: found.price.amount


def _price_now() -> ColumnElement[int]:
    """What a lead costs at this moment, in minor units."""
    return price_column(Listing.price_cents, Listing.price_curve, Lead.submitted_at, clock.now())


def _counts(mine: Sequence[ColumnElement[bool]], filters: Filters, name: str) -> dict[str, int]:
    column = getattr(Listing if name in _OF_LISTING else Lead, name)
    counted = (
        select(column, func.count())
        .select_from(Lead)
        .join(Listing, Listing.id == Lead.listing_id)
        .where(*_offered(), *_wanted(filters, but=name), *mine, column.is_not(None))
        .group_by(column)
        .order_by(func.count().desc(), column)
    )
    return dict(session().execute(counted).all())
