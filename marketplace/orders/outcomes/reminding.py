"""A deferred lead is taken up again: its buyer is reminded on the day that it chose, once."""

from sqlalchemy import select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.orders.outcomes.models import Outcome


def remind_due(most: int) -> int:
    """Remind of the leads whose day has come and that are still deferred; how many there were."""
    now = clock.now()
    due = select(Outcome).where(Outcome.is_latest, Outcome.remind_on <= now.date(), Outcome.reminded_at.is_(None))
    found = session().scalars(due.order_by(Outcome.remind_on).limit(most).with_for_update(skip_locked=True)).all()
    for outcome in found:
        outcome.reminded_at = now
        record("outcome.wanted_again", outcome.order_id, by=SYSTEM, orgs=[outcome.buyer_id])
    session().flush()
    return len(found)
