"""New leads of an agency, or of one of its channels, are held: nobody is offered them until the hold ends."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads.models import Lead, LeadHold, LeadState

#: the channel of a hold that is for all of an agency's leads
ALL = ""


def is_held() -> ColumnElement[bool]:
    """Whether a lead is held now, as a condition on `Lead`."""
    held = func.held_leads().table_valued("lead_id", name="held")
    return exists().where(held.c.lead_id == Lead.id)


def hold(agency_id: UUID, channel: str, why: str) -> None:
    """Hold what comes from now on; a hold that is there already stays."""
    new = insert(LeadHold).values(agency_id=agency_id, channel=channel, why=why, since=clock.now())
    session().execute(new.on_conflict_do_nothing())


def let_go(agency_id: UUID, channel: str) -> None:
    """Offer again what is not too old by now."""
    session().execute(delete(LeadHold).where(LeadHold.agency_id == agency_id, LeadHold.channel == channel))


def holds_of(agency_id: UUID) -> Sequence[tuple[LeadHold, int]]:
    """The holds of an agency that was found for somebody, each with how many leads wait behind it."""
    waits = and_(
        Lead.agency_id == LeadHold.agency_id,
        LeadHold.channel.in_((ALL, Lead.channel)),
        Lead.received_at >= LeadHold.since,
        Lead.state == LeadState.AVAILABLE,
    )
    counted = select(func.count(Lead.id)).where(waits).correlate(LeadHold).scalar_subquery()
    found = select(LeadHold, counted).where(LeadHold.agency_id == agency_id).order_by(LeadHold.channel)
    return [(row, int(count)) for row, count in session().execute(found)]
