"""Reading trials, for their own organisation alone."""

from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.people import Power, Who
from marketplace.quality.trials.models import ConversionTrial, TrialState


def trial_for(who: Who, trial_id: UUID, *, lock: bool = False) -> ConversionTrial:
    """Raises NotFound, Forbidden."""
    who.need(Power.ORDERS_READ)
    statement = select(ConversionTrial).where(ConversionTrial.id == trial_id, ConversionTrial.org_id == who.org_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session().scalar(statement)
    if row is None:
        raise NotFound
    return row


def trials_for(who: Who, ask: Ask) -> Page[ConversionTrial]:
    """All of the organisation, the newest first, without those that were thrown away. Raises Forbidden."""
    who.need(Power.ORDERS_READ)
    statement = select(ConversionTrial).where(
        ConversionTrial.org_id == who.org_id,
        ConversionTrial.state.not_in([TrialState.SENDING, TrialState.GONE]),
    )
    return page(statement, ask, by=[ConversionTrial.id], key=lambda row: [row.id])
