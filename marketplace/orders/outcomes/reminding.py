"""A deferred lead is taken up again: its buyer is reminded on the day that it chose, once."""

from sqlalchemy import select

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads import is_withdrawn
from marketplace.orders.models import Order
from marketplace.orders.outcomes.models import Outcome


def remind_due(most: int) -> int:
    """Remind of the leads whose day has come and that are still deferred; how many there were.

    Nobody is reminded to call a person who wants no more calls.
    """
    now = clock.now()
    due = select(Outcome).join(Order, Order.id == Outcome.order_id).where(~is_withdrawn(Order.lead_id))
    due = due.where(Outcome.is_latest, Outcome.remind_on <= now.date(), Outcome.reminded_at.is_(None))
    due = due.order_by(Outcome.remind_on).limit(most).with_for_update(of=Outcome, skip_locked=True)
    found = session().scalars(due).all()
    for outcome in found:
        outcome.reminded_at = now
        record("outcome.wanted_again", outcome.order_id, by=SYSTEM, orgs=[outcome.buyer_id])
    session().flush()
    return len(found)
