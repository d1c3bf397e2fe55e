"""Browsing the catalogue: what is on sale now, for a buyer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from marketplace.catalog import Listing, price_column
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, SortKey, page
from marketplace.leads import ContactRight, Lead, twins
from marketplace.market.filters import GRADES, Filters, Sort
from marketplace.market.masked import MaskedLead
from marketplace.people import Organisation, Power, Who

#: the filters that are counted
FACETS = ("vertical", "country", "region", "currency", "exclusivity", "temperature", "contact_type", "qualification")
_OF_LISTING = frozenset({"currency", "exclusivity"})
#: GROUPING of all facets, where rows are grouped by one of them: a bit for each that they are not grouped by
_GROUPED_BY = {(1 << len(FACETS)) - 1 - (1 << place): name for place, name in enumerate(reversed(FACETS))}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many leads fit the filters; and for each filter its values with how many there are, all others applied."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


def browse(who: Who, filters: Filters, ask: Ask) -> Page[MaskedLead]:
    """One page of what the buyer can buy now."""
    who.need(Power.CATALOG_READ)
    lead = _offered()
    # a price of this moment is known of no lead before all were looked at
    mine = _for_me_of_all(lead, who) if filters.sort in ("price", "-price") else _for_me(lead, who)
    fits = [*_chosen(lead, filters).values(), *_within(lead, filters), *mine]
    if filters.sort == "score":  # a lead that was not scored yet has no place in this order
        fits.append(lead.real_bp.is_not(None))
    by, value = _order(lead, filters.sort)
    return page(
        _masked(lead).where(*fits),
        ask,
        by=[by, lead.id],
        key=lambda found: [value(found), found.id],
        build=MaskedLead.of,
        descending=filters.sort != "price",
    )


def counts(who: Who, filters: Filters) -> Counts:
    """Count what is offered to the buyer: one pass over all leads, whatever is counted."""
    who.need(Power.CATALOG_READ)
    lead = _offered()
    columns, chosen = _columns(lead), _chosen(lead, filters)
    others = {name: and_(true(), *(each for other, each in chosen.items() if other != name)) for name in chosen}
    counted = {"all": and_(true(), *chosen.values()), **others}
    rows = session().execute(
        select(
            func.grouping(*columns.values()),
            func.coalesce(*columns.values()),  # the value of the one that rows are grouped by
            *(func.count().filter(fits).label(name) for name, fits in counted.items()),
        )
        .select_from(lead)
        .join(Listing, Listing.id == lead.listing_id)
        .where(*_within(lead, filters), *_for_me_of_all(lead, who))
        .where(or_(*counted.values()))
        .group_by(func.grouping_sets(*map(tuple_, columns.values()), tuple_()))
    )
    total, facets = 0, dict[str, dict[str, int]]((name, {}) for name in FACETS)
    for grouping, value, *found in rows:
        of = dict(zip(counted, found, strict=True))
        name = _GROUPED_BY.get(grouping)
        if name is None:
            total = of["all"]
        elif value is not None and (count := of.get(name, of["all"])):
            facets[name][value] = count
    return Counts(total, {name: _most_first(values) for name, values in facets.items()})


def find_for(who: Who, lead_id: UUID) -> MaskedLead:
    """A lead that the buyer can buy or has bought, masked. Raises NotFound, Forbidden."""
    who.need(Power.CATALOG_READ)
    lead = _offered()
    row = session().execute(_masked(lead).where(lead.id == lead_id, *twins.is_for(who.org_id, lead.id))).first()
    if row is None:
        raise NotFound
    return MaskedLead.of(row)


def find_all_for(who: Who, lead_ids: Collection[UUID]) -> Sequence[MaskedLead]:
    """Those of these leads that are on sale now, in the catalogue's usual order."""
    who.need(Power.CATALOG_READ)
    lead = _offered()
    wanted = _masked(lead).where(lead.id.in_(lead_ids), *_for_me(lead, who))
    return [MaskedLead.of(row) for row in session().execute(wanted.order_by(lead.place.desc(), lead.id.desc()))]


def sample(count: int) -> Sequence[MaskedLead]:
    """The leads of open trades that stand first in the catalogue, for the public front page.

    What is kept back from some buyers, or from all because its reader wants no more calls, stands here and counts like
    any other: an agency could read from a lead of its own that is missing what others know of the person.
    """
    lead = _on_sale()
    statement = _masked(lead).order_by(lead.place.desc(), lead.id.desc()).limit(count)
    return [MaskedLead.of(row) for row in session().execute(statement)]


def public_counts() -> tuple[int, int]:
    """How many leads are on sale now, and in how many trades."""
    lead = _on_sale()
    row = session().execute(select(func.count(lead.id), func.count(lead.vertical.distinct()))).one()
    return int(row[0]), int(row[1])


def _on_sale() -> type[Lead]:
    """Stands for `Lead` in a statement: those on sale, as everybody may see it."""
    return _found_by("leads_on_sale")


def _offered() -> type[Lead]:
    """The same as buyers see it: not what comes from a reader who wants no more calls."""
    return _found_by("leads_offered")


def _found_by(function: str) -> type[Lead]:
    columns = [column(each.name, each.type) for each in Lead.__table__.columns]
    found = getattr(func, function)(clock.now()).table_valued(*columns, name="found")
    return aliased(Lead, found, adapt_on_names=True)


def _masked(lead: type[Lead]) -> Select[Lead, Listing, Organisation]:
    return (
        select(lead, Listing, Organisation)
        .join(Listing, Listing.id == lead.listing_id)
        .join(Organisation, Organisation.id == lead.agency_id)
    )


def _for_me(lead: type[Lead], who: Who) -> list[ColumnElement[bool]]:
    """For a few leads: neither bought by the buyer nor kept back from it."""
    return [_is_new_to(lead, who), *twins.is_for(who.org_id, lead.id)]


def _for_me_of_all(lead: type[Lead], who: Who) -> list[ColumnElement[bool]]:
    """The same for a look at all leads."""
    return [_is_new_to(lead, who), twins.is_none_of(lead.id, twins.kept_back(who.org_id))]


def _is_new_to(lead: type[Lead], who: Who) -> ColumnElement[bool]:
    return ~exists().where(ContactRight.lead_id == lead.id, ContactRight.org_id == who.org_id)


def _columns(lead: type[Lead]) -> dict[str, Any]:
    return {name: getattr(Listing if name in _OF_LISTING else lead, name) for name in FACETS}


def _chosen(lead: type[Lead], filters: Filters) -> dict[str, ColumnElement[bool]]:
    """Of the filters that are counted those that are set, each as a condition."""
    wanted = {name: (column, getattr(filters, name)) for name, column in _columns(lead).items()}
    return {name: column == value for name, (column, value) in wanted.items() if value}


def _within(lead: type[Lead], filters: Filters) -> list[ColumnElement[bool]]:
    """The filters that are not counted."""
    wanted: list[ColumnElement[bool]] = []
    if filters.max_price is not None:
        wanted.append(_price_now(lead) <= filters.max_price)
    if filters.least_bp:
        wanted.append(lead.real_bp >= filters.least_bp)
    if filters.min_grade is not None:
        enough = GRADES[: GRADES.index(filters.min_grade) + 1]
        wanted.append(lead.agency_id.in_(select(Organisation.id).where(Organisation.grade.in_(enough))))
    if filters.fresh_hours is not None:
        wanted.append(lead.submitted_at > clock.now() - timedelta(hours=filters.fresh_hours))
    return wanted


def _order(lead: type[Lead], sort: Sort) -> tuple[SortKey, Callable[[MaskedLead], Any]]:
    """What the catalogue is sorted by: the column, and its value in a lead. Only "price" has the least first."""
    if sort == "best":
        return lead.place, lambda found: found.lead.place
    if sort == "newest":
        return lead.submitted_at, lambda found: found.lead.submitted_at
    if sort == "score":
        return lead.real_bp, lambda found: found.lead.real_bp
    return _price_now(lead), lambda found: found.price.amount


def _price_now(lead: type[Lead]) -> ColumnElement[int]:
    """What a lead costs at this moment, in minor units."""
    return price_column(Listing.price_cents, Listing.price_curve, lead.submitted_at, clock.now())


def _most_first(values: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
