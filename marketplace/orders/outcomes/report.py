"""A buyer tells how it goes with a lead."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.orders.models import Order
from marketplace.orders.outcomes.errors import OutcomeDiffers, OutcomeNotNext, ToldAsSale, WrongOutcome
from marketplace.orders.outcomes.models import Outcome, Stage
from marketplace.orders.outcomes.queries import latest_of
from marketplace.orders.outcomes.rules import ALLOWED, BY_SALE, moment_of
from marketplace.orders.queries import find_for
from marketplace.people import Power, Who

#: another computer's clock may be ahead of ours by as much
_AHEAD = timedelta(minutes=5)
#: so far ahead a deferred lead may be put
MOST_AHEAD = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome as its buyer tells it.

    Attributes:
        at: when it was so: a time, or a day (UTC) whose hour is not known; now where it is not said.
        amount: what was won.
        reason: the buyer's own word for why.
        remind_on: the day (UTC) on which a deferred lead is to be taken up again.
    """

    stage: Stage
    at: datetime | date | None = None
    amount: Money | None = None
    reason: str = ""
    remind_on: date | None = None


def report(who: Who, order_id: UUID, told: Told, *, via: str) -> Outcome:
    """Write down what became of a lead, at any time after the purchase, whatever became of its money.

    The same stage at the same time, or on the same day where the hour is not known, is the same report, and has the
    same content. By page each is another one: a page knows days alone, and has a key for its second click.

    Args:
        via: by which way it came: `page`, `api`, `file` or `hook`.

    Raises:
        NotFound, Forbidden. OutcomeNotNext, OutcomeDiffers, ToldAsSale.
        WrongOutcome: it is not of its time, or of another currency.
    """
    who.need(Power.ORDERS_WRITE)
    order = find_for(who, order_id, lock=True)
    if order.is_per_sale and told.stage in BY_SALE:
        raise ToldAsSale
    if via != "page" and (known := _same(order, told)):
        return known
    before = latest_of([order.id]).get(order.id)
    if told.stage not in ALLOWED[Stage(before.stage) if before else Stage.NEW]:
        raise OutcomeNotNext
    outcome = _outcome(order, told, _moment(order, before, told.at), who, via)
    session().execute(update(Outcome).where(Outcome.order_id == order.id, Outcome.is_latest).values(is_latest=False))
    session().add(outcome)
    session().flush()
    record("outcome.reported", order.id, by=who, orgs=[order.buyer_id, order.agency_id], stage=outcome.stage)
    return outcome


def _same(order: Order, told: Told) -> Outcome | None:
    """What was reported already with this very stage and time: it came once more. Raises OutcomeDiffers."""
    if told.at is None:
        return None
    same = select(Outcome).where(Outcome.order_id == order.id, Outcome.stage == told.stage, _is_at(told.at))
    known = session().scalars(same.order_by(Outcome.id)).all()
    content = (told.amount, told.reason.strip(), told.remind_on)
    found = next((each for each in known if (each.amount, each.reason, each.remind_on) == content), None)
    if known and found is None:
        raise OutcomeDiffers
    return found


def _is_at(at: datetime | date) -> ColumnElement[bool]:
    if isinstance(at, datetime):
        return Outcome.at == at
    return Outcome.at.between(datetime.combine(at, time.min, UTC), datetime.combine(at, time.max, UTC))


def _outcome(order: Order, told: Told, at: datetime, who: Who, via: str) -> Outcome:
    return Outcome(
        id=new_id(),
        order_id=order.id,
        buyer_id=order.buyer_id,
        agency_id=order.agency_id,
        stage=told.stage,
        at=at,
        amount_cents=_cents(order, told),
        currency=order.currency,
        reason=told.reason.strip(),
        remind_on=_remind_on(told),
        is_latest=True,
        reported_at=clock.now(),
        reported_by=who.user_id,
        via=via,
    )


def _moment(order: Order, before: Outcome | None, at: datetime | date | None) -> datetime:
    """When it was: not ahead of now, nor before the purchase or what was reported last."""
    now = clock.now()
    if at is None:
        return max(now, before.at) if before else now
    if not isinstance(at, datetime):
        at = moment_of(at, now, [order.placed_at, *([before.at] if before else [])])
    if at > now + _AHEAD:
        raise WrongOutcome(fields={"at": _("This is in the future.")})
    if at < order.placed_at:
        raise WrongOutcome(fields={"at": _("This was before you bought the lead.")})
    if before and at < before.at:
        raise WrongOutcome(fields={"at": _("This was before what you reported last.")})
    return at


def _remind_on(told: Told) -> date | None:
    if told.remind_on is None:
        return None
    if told.stage != Stage.DEFERRED:
        raise WrongOutcome(fields={"remind_on": _("Only a deferred lead can have a day to return to it.")})
    today = clock.now().date()
    if not today < told.remind_on <= today + MOST_AHEAD:
        raise WrongOutcome(fields={"remind_on": _("Choose a day from tomorrow on, within two years.")})
    return told.remind_on


def _cents(order: Order, told: Told) -> int | None:
    if told.amount is None:
        return None
    if told.stage != Stage.WON:
        raise WrongOutcome(fields={"amount": _("Only what was won has an amount.")})
    if told.amount.currency != order.currency:
        raise WrongOutcome(fields={"amount": _("This order is in %(currency)s.", currency=order.currency)})
    return told.amount.amount
