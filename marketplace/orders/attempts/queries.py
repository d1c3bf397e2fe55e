"""Reading tries. What takes an order's id alone is for parts that have found the order for somebody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from marketplace.kit.db import session
from marketplace.orders.attempts.models import CallAttempt, Result
from marketplace.orders.attempts.rules import Tally, tally
from marketplace.orders.queries import find_for
from marketplace.people import Who


def attempts_of(who: Who, order_id: UUID) -> Sequence[CallAttempt]:
    """The tries of a buyer's order, oldest first. Raises NotFound, Forbidden."""
    order = find_for(who, order_id)
    mine = select(CallAttempt).where(CallAttempt.order_id == order.id)
    return session().scalars(mine.order_by(CallAttempt.at, CallAttempt.id)).all()


def tally_of(order_id: UUID) -> Tally:
    """How many tries reached nobody, on how many days."""
    missed = select(CallAttempt.at).where(CallAttempt.order_id == order_id, CallAttempt.result != Result.SPOKE)
    return tally(session().scalars(missed).all())


def spoke(order_id: UUID) -> bool:
    """Whether one of the tries reached somebody."""
    reached = exists().where(CallAttempt.order_id == order_id, CallAttempt.result == Result.SPOKE)
    return bool(session().scalar(select(reached)))
