"""Reading listings, always for somebody."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from marketplace.catalog.models import FullAgency, GradeTerms, Listing, ListingState, ListingVersion
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Grade, Organisation, Power, Who


def find_for(who: Who, listing_id: UUID, *, lock: bool = False) -> Listing:
    """An agency's own listing. Raises NotFound, Forbidden."""
    who.need(Power.LISTINGS_READ)
    statement = select(Listing).where(Listing.id == listing_id, Listing.agency_id == who.org_id)
    listing = session().scalar(fresh(statement) if lock else statement)
    if listing is None:
        raise NotFound
    return listing


def listings_for(who: Who, ask: Ask, state: str | None = None) -> Page[Listing]:
    """An agency's own listings, newest first."""
    who.need(Power.LISTINGS_READ)
    statement = select(Listing).where(Listing.agency_id == who.org_id)
    if state:
        statement = statement.where(Listing.state == state)
    return page(statement, ask, by=[Listing.id], key=lambda listing: [listing.id])


def counts_by_state(who: Who) -> dict[str, int]:
    """How many listings the agency has in each state."""
    counted = select(Listing.state, func.count()).where(Listing.agency_id == who.org_id).group_by(Listing.state)
    return dict(session().execute(counted).all())


def open_listings_for(who: Who) -> Sequence[Listing]:
    """The agency's listings that take leads now, by title."""
    who.need(Power.LISTINGS_READ)
    return (
        session()
        .scalars(
            select(Listing)
            .where(Listing.agency_id == who.org_id, Listing.state == ListingState.ACTIVE)
            .order_by(Listing.title, Listing.id)
        )
        .all()
    )


def by_id_for(who: Who, listing_ids: Collection[UUID]) -> dict[UUID, Listing]:
    """Those of these listings that are the agency's own, by their id."""
    who.need(Power.LISTINGS_READ)
    own = select(Listing).where(Listing.agency_id == who.org_id, Listing.id.in_(listing_ids))
    return {listing.id: listing for listing in session().scalars(own)}


def versions_for(who: Who, listing_id: UUID) -> Sequence[ListingVersion]:
    """Every version of an agency's own listing, newest first. Raises NotFound, Forbidden."""
    listing = find_for(who, listing_id)
    versions = select(ListingVersion).where(ListingVersion.listing_id == listing.id)
    return session().scalars(versions.order_by(ListingVersion.number.desc())).all()


def terms_at(listing_id: UUID, version: int) -> dict[str, Any]:
    """The terms of one version, for a sale made under it; the caller has found the sale for somebody."""
    row = session().get(ListingVersion, (listing_id, version))
    if row is None:
        raise NotFound
    return row.terms


def terms_of_versions(versions: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """The same for many sales at once, by listing and number of the version."""
    number = ListingVersion.listing_id, ListingVersion.number
    found = session().execute(select(*number, ListingVersion.terms).where(tuple_(*number).in_(versions)))
    return {(listing_id, version): terms for listing_id, version, terms in found}


def grade_terms_for(who: Who) -> GradeTerms:
    """What its grade brings to an agency now: the terms that its next sale freezes."""
    return terms_of_agency(who.org_id)


def terms_of_agency(org_id: UUID) -> GradeTerms:
    """The same for an agency that was found for somebody before."""
    grade = select(Organisation.grade).where(Organisation.id == org_id)
    return session().scalars(_valid_terms().where(GradeTerms.grade == grade.scalar_subquery())).one()


def fullness_of(who: Who) -> FullAgency | None:
    """That the agency has sold as many leads as its grade lets it before windows close; None while it may sell."""
    return session().get(FullAgency, who.org_id)


def all_grade_terms() -> Sequence[GradeTerms]:
    """Every row of terms that there ever was, by grade, the newest first."""
    return session().scalars(select(GradeTerms).order_by(GradeTerms.grade, GradeTerms.number.desc())).all()


def grade_terms_page_for(who: Who, ask: Ask, grade: str = "") -> Page[GradeTerms]:
    """The same for staff, page by page and of one grade if wanted, the newest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    found = select(GradeTerms).where(GradeTerms.grade == grade) if grade else select(GradeTerms)
    by = [GradeTerms.since, GradeTerms.grade, GradeTerms.number]
    return page(found, ask, by=by, key=lambda terms: [terms.since, terms.grade, terms.number])


def one_of_grade(who: Who, grade: str, number: int) -> GradeTerms:
    """One row of them for staff. Raises Forbidden, NotFound."""
    who.need(Power.LEDGER_READ)
    found = session().get(GradeTerms, (grade, number))
    if found is None:
        raise NotFound
    return found


def terms_by_grade() -> dict[str, GradeTerms]:
    """What each grade brings now."""
    terms = select(GradeTerms).where(GradeTerms.since <= clock.now()).order_by(GradeTerms.number)
    return {each.grade: each for each in session().scalars(terms)}


def newcomer_terms() -> GradeTerms:
    """What an agency without a record gets now."""
    return session().scalars(_valid_terms().where(GradeTerms.grade == Grade.NEW)).one()


def _valid_terms() -> Select[GradeTerms]:
    return select(GradeTerms).where(GradeTerms.since <= clock.now()).order_by(GradeTerms.number.desc()).limit(1)
