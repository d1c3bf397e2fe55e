"""Reading leads and imports, always for their agency. Nobody reads a contact here: see `contact`."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, String, func, select
from sqlalchemy.dialects.postgresql import JSONB

from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads.models import Import, ImportRow, Lead
from marketplace.people import Power, Who


def find_for(who: Who, lead_id: UUID, *, lock: bool = False) -> Lead:
    """An agency's own lead. Raises NotFound, Forbidden."""
    who.need(Power.LEADS_READ)
    statement = select(Lead).where(Lead.id == lead_id, Lead.agency_id == who.org_id)
    lead = session().scalar(statement.with_for_update() if lock else statement)
    if lead is None:
        raise NotFound
    return lead


def leads_for(
    who: Who, ask: Ask, *, listing_id: UUID | None = None, import_id: UUID | None = None, state: str | None = None
) -> Page[Lead]:
    """An agency's own leads, newest first."""
    who.need(Power.LEADS_READ)
    statement = select(Lead).where(Lead.agency_id == who.org_id)
    wanted = {Lead.listing_id: listing_id, Lead.import_id: import_id, Lead.state: state}
    statement = statement.where(*(column == value for column, value in wanted.items() if value))
    return page(statement, ask, by=[Lead.id], key=lambda lead: [lead.id])


def counts_by_state(who: Who) -> dict[str, int]:
    """How many of the agency's leads are in each state."""
    counted = select(Lead.state, func.count()).where(Lead.agency_id == who.org_id).group_by(Lead.state)
    return dict(session().execute(counted).tuples().all())


def counts_by_listing(who: Who, listing_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many leads of each of these listings are on sale."""
    counted = (
        select(Lead.listing_id, func.count())
        .where(Lead.agency_id == who.org_id, Lead.listing_id.in_(listing_ids), Lead.state == "available")
        .group_by(Lead.listing_id)
    )
    return dict(session().execute(counted).tuples().all())


def import_for(who: Who, import_id: UUID, *, lock: bool = False) -> Import:
    """An agency's own import. Raises NotFound, Forbidden."""
    who.need(Power.LEADS_READ)
    statement = select(Import).where(Import.id == import_id, Import.agency_id == who.org_id)
    found = session().scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound
    return found


def imports_for(who: Who, ask: Ask) -> Page[Import]:
    """An agency's own imports, newest first."""
    who.need(Power.LEADS_READ)
    statement = select(Import).where(Import.agency_id == who.org_id)
    return page(statement, ask, by=[Import.id], key=lambda row: [row.id])


def reasons_of(import_id: UUID) -> dict[str, int]:
    """How many rows of an import were rejected for each first reason, most first; found for somebody before."""
    first = ImportRow.reasons.cast(JSONB)[0]["code"].astext.cast(String)
    counted = select(first, func.count().cast(Integer)).where(ImportRow.import_id == import_id).group_by(first)
    return dict(session().execute(counted.order_by(func.count().desc())).tuples().all())
