"""Reading leads and imports, always for their agency. Nobody reads a contact here: see `contact`."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, func, select

from marketplace.catalog import Listing, ListingState
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads.models import Import, ImportRow, ImportState, Lead, LeadState
from marketplace.people import Power, Who


def find_for(who: Who, lead_id: UUID, *, lock: bool = False) -> Lead:
    """An agency's own lead. Raises NotFound, Forbidden."""
    who.need(Power.LEADS_READ)
    statement = select(Lead).where(Lead.id == lead_id, Lead.agency_id == who.org_id)
    lead = session().scalar(fresh(statement) if lock else statement)
    if lead is None:
        raise NotFound
    return lead


def leads_for(
    who: Who, ask: Ask, *, listing_id: UUID | None = None, import_id: UUID | None = None, state: str | None = None
) -> Page[Lead]:
    """An agency's own leads, newest first."""
    statement = select(Lead).where(*_own(who, listing_id, import_id))
    if state:
        statement = statement.where(Lead.state == state)
    return page(statement, ask, by=[Lead.id], key=lambda lead: [lead.id])


def first_of_import(who: Who, import_id: UUID, count: int) -> Sequence[Lead]:
    """The first leads that a file gave, in its own order."""
    statement = select(Lead).where(*_own(who, None, import_id)).order_by(Lead.import_row).limit(count)
    return session().scalars(statement).all()


def counts_by_state(who: Who, *, listing_id: UUID | None = None, import_id: UUID | None = None) -> dict[str, int]:
    """How many of the agency's leads are in each state."""
    counted = select(Lead.state, func.count()).where(*_own(who, listing_id, import_id)).group_by(Lead.state)
    return dict(session().execute(counted).all())


def counts_by_listing(who: Who, listing_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many leads of each of these listings can still be bought."""
    counted = (
        select(Lead.listing_id, func.count())
        .where(*_own(who, None, None), Lead.listing_id.in_(listing_ids), Lead.state == LeadState.AVAILABLE)
        .group_by(Lead.listing_id)
    )
    return dict(session().execute(counted).all())


def on_sale_for(who: Who) -> int:
    """How many of the agency's leads buyers can see now: available, young enough, and their listing open."""
    statement = select(func.count()).select_from(Lead).join(Listing, Listing.id == Lead.listing_id)
    seen = statement.where(
        *_own(who, None, None),
        Lead.state == LeadState.AVAILABLE,
        Lead.expires_at > clock.now(),
        Listing.state == ListingState.ACTIVE,
    )
    return session().execute(seen).scalar_one()


def import_for(who: Who, import_id: UUID, *, lock: bool = False) -> Import:
    """An agency's own import. Raises NotFound, Forbidden."""
    who.need(Power.LEADS_READ)
    statement = select(Import).where(Import.id == import_id, Import.agency_id == who.org_id)
    found = session().scalar(fresh(statement) if lock else statement)
    if found is None:
        raise NotFound
    return found


def imports_for(
    who: Who, ask: Ask, *, listing_id: UUID | None = None, states: Collection[ImportState] = ()
) -> Page[Import]:
    """An agency's own imports, newest first. states: only those in one of them."""
    who.need(Power.LEADS_READ)
    statement = select(Import).where(Import.agency_id == who.org_id)
    if listing_id:
        statement = statement.where(Import.listing_id == listing_id)
    if states:
        statement = statement.where(Import.state.in_(states))
    return page(statement, ask, by=[Import.id], key=lambda row: [row.id])


def first_reason() -> ColumnElement[str]:
    """The code of the first reason of a rejected row, for a query of `import_rows`."""
    return func.jsonb_extract_path_text(ImportRow.reasons, "0", "code", type_=String)


def reasons_of(import_id: UUID) -> dict[str, int]:
    """How many rows of an import were rejected for each first reason, most first; found for somebody before."""
    code = first_reason()
    counted = select(code, func.count().cast(Integer)).where(ImportRow.import_id == import_id).group_by(code)
    return dict(session().execute(counted.order_by(func.count().desc(), code)).all())


def first_rejected(import_id: UUID, count: int) -> Sequence[ImportRow]:
    """The first rejected rows of an import in the order of the file; found for somebody before."""
    statement = select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.number).limit(count)
    return session().scalars(statement).all()


def _own(who: Who, listing_id: UUID | None, import_id: UUID | None) -> list[ColumnElement[bool]]:
    """The agency's own leads, those of one listing or one import where it is given. Raises Forbidden."""
    who.need(Power.LEADS_READ)
    wanted = {Lead.agency_id: who.org_id, Lead.listing_id: listing_id, Lead.import_id: import_id}
    return [column == value for column, value in wanted.items() if value]
