"""A buyer writes down a try to reach the person of a lead."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.orders.attempts.errors import TooManyTries, WrongTime
from marketplace.orders.attempts.models import CallAttempt, Result
from marketplace.orders.attempts.rules import MOST
from marketplace.orders.queries import find_for
from marketplace.people import Power, Who

#: another computer's clock may be ahead of ours by as much
_AHEAD = timedelta(minutes=5)


def log_attempt(who: Who, order_id: UUID, result: Result, at: datetime | None = None) -> CallAttempt:
    """Write down one try; two of one order are never at the same time: the same again is the earlier one.

    Args:
        at: when it was, now where it is not said.

    Raises:
        NotFound, Forbidden, TooManyTries.
        WrongTime: before the purchase, still to come, or told before with another result.
    """
    who.need(Power.ORDERS_WRITE)
    order = find_for(who, order_id, lock=True)
    at = at or clock.now()
    if known := session().scalar(select(CallAttempt).where(CallAttempt.order_id == order.id, CallAttempt.at == at)):
        return _same(known, result)
    _refuse(order.placed_at, at)
    if session().execute(select(func.count()).where(CallAttempt.order_id == order.id)).scalar_one() >= MOST:
        raise TooManyTries
    attempt = CallAttempt(
        order_id=order.id, at=at, result=result, logged_at=clock.now(), logged_by=who.user_id, via=who.via
    )
    session().add(attempt)
    session().flush()
    record("attempt.logged", order.id, by=who, orgs=[order.buyer_id], result=result.value)
    return attempt


def _same(known: CallAttempt, result: Result) -> CallAttempt:
    if known.result != result:
        raise WrongTime(fields={"at": _("You logged a call at this time with another result.")})
    return known


def _refuse(placed_at: datetime, at: datetime) -> None:
    if at > clock.now() + _AHEAD:
        raise WrongTime(fields={"at": _("This is in the future.")})
    if at < placed_at:
        raise WrongTime(fields={"at": _("This was before you bought the lead.")})
