"""Stripe's webhooks: kept once, answered at once, handled by a worker; what cannot be handled waits for staff.

An event only says that something happened to an object. Its handler looks up how the object stands now and settles
that, so neither the order of events nor their repetition matters.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.billing.calls import engine
from marketplace.billing.errors import NotAtStripe, PaymentsAway
from marketplace.billing.gateway import Gateway, News
from marketplace.billing.models import StripeEvent
from marketplace.events import SYSTEM, Actor, record
from marketplace.jobs import MOST_TRIES
from marketplace.kit import clock
from marketplace.kit.db import fresh, session, transaction
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.people import Power, Who

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handler:
    """What is done with one type of event: `look` (a network call) finds how its object stands, `settle` books it."""

    look: Callable[..., Any]
    settle: Callable[[Any], object]


_Settle = Callable[[T], object]
_handlers: dict[str, Handler] = {}
#: what stands before the type of an event of a connected account
_OF_ACCOUNT = "account:"


def handles(*types: str, look: Callable[[Gateway, str], T]) -> Callable[[_Settle[T]], _Settle[T]]:
    """Declare what settles events of these types. `settle` runs in the transaction that marks the event handled."""
    return _declare(types, look)


def handles_of_accounts(*types: str, look: Callable[[Gateway, str, str], T]) -> Callable[[_Settle[T]], _Settle[T]]:
    """The same for what happens on connected accounts; `look` gets the account's id before the object's."""
    return _declare([_OF_ACCOUNT + each for each in types], look)


def _declare(names: Iterable[str], look: Callable[..., T]) -> Callable[[_Settle[T]], _Settle[T]]:
    def declare(settle: _Settle[T]) -> _Settle[T]:
        handler = Handler(look, settle)
        for each in names:
            _handlers[each] = handler
        return settle

    return declare


def handlers() -> Mapping[str, Handler]:
    """The table of all declared types; `account:` stands before those of connected accounts."""
    return _handlers


def keep_event(news: News) -> None:
    """Store a verified event of Stripe; the same one again changes nothing."""
    row_id = new_id()
    kept = session().execute(
        insert(StripeEvent)
        .values(
            id=row_id,
            stripe_id=news.id,
            type=news.type,
            object_id=news.object_id,
            account_id=news.account_id,
            received_at=clock.now(),
            tries=0,
        )
        .on_conflict_do_nothing(index_elements=["stripe_id"])
        .returning(StripeEvent.id)
    )
    if kept.first():
        record("stripe_event.received", row_id, by=SYSTEM, type=news.type)


def handle(event_id: UUID) -> None:
    """Settle what a stored event is about. An edge; safe to repeat.

    Raises: whatever stopped it, after writing that down; the queue tries again, and the last time it is a dead letter.
    """
    with transaction():
        event = session().scalars(select(StripeEvent).where(StripeEvent.id == event_id)).one()
    handler = handler_of(event)
    try:
        found = _look(handler, event) if handler else None
        with transaction():
            _settle(event_id, handler, found)
    except Exception as error:  # an edge: whatever it is stays to be seen by staff
        with transaction():
            _failed(event_id, type(error).__name__)
        raise


def handler_of(event: News | StripeEvent) -> Handler | None:
    """What is done with an event; None where its type means nothing to us."""
    return _handlers.get(f"{_OF_ACCOUNT}{event.type}" if event.account_id else event.type)


def take_in(news: News) -> bool:
    """Settle news that was read from Stripe's own list. An edge; safe to repeat.

    Returns: False when it cannot be settled now: it is kept as if it had come by itself, for the worker and for staff.

    Raises:
        PaymentsAway: Stripe does not answer.
    """
    handler = handler_of(news)
    try:
        found = _look(handler, news) if handler else None
        with transaction():
            if handler and found is not None:
                handler.settle(found)
    except PaymentsAway:
        raise
    except Exception as error:  # noqa: BLE001  # an edge: whatever it is stays to be seen by staff
        with transaction():
            _keep_again(news)
        log.error("stripe_event.not_settled", type=news.type, object=news.object_id, why=type(error).__name__)  # noqa: TRY400  # the kind says it all
        return False
    return True


def event_for(who: Who, event_id: UUID) -> StripeEvent:
    """One piece of Stripe's news, for staff. Raises NotFound, Forbidden."""
    who.need(Power.LEDGER_READ)
    event = session().get(StripeEvent, event_id)
    if event is None:
        raise NotFound
    return event


def replay(who: Who, event_id: UUID) -> StripeEvent:
    """Staff have an event handled once more, whether it is a dead letter or not. Raises NotFound, Forbidden."""
    who.need(Power.MONEY_WRITE)
    event = session().scalars(fresh(select(StripeEvent).where(StripeEvent.id == event_id))).first()
    if event is None:
        raise NotFound
    _anew(event, who)
    return event


def _keep_again(news: News) -> None:
    """As if it had just come, whether it was handled in an earlier life of the database or not."""
    keep_event(news)
    known = select(StripeEvent).where(StripeEvent.stripe_id == news.id)
    event = session().scalars(fresh(known)).one()
    if event.handled_at or event.dead_at:
        _anew(event, SYSTEM)


def _anew(event: StripeEvent, by: Actor) -> None:
    event.handled_at, event.dead_at, event.why, event.tries = None, None, None, 0
    record("stripe_event.replayed", event.id, by=by, type=event.type)


def _look(handler: Handler, event: News | StripeEvent) -> Any:
    about = (event.account_id, event.object_id) if event.account_id else (event.object_id,)
    try:
        return handler.look(engine.gateway(), *about)
    except NotAtStripe:
        return None  # Stripe tells about an object that it does not have: nothing of ours


def _settle(event_id: UUID, handler: Handler | None, found: Any) -> None:
    event = session().scalars(fresh(select(StripeEvent).where(StripeEvent.id == event_id))).one()
    if event.handled_at is None:
        if handler and found is not None:
            handler.settle(found)
        event.handled_at, event.dead_at = clock.now(), None


def _failed(event_id: UUID, why: str) -> None:
    event = session().scalars(fresh(select(StripeEvent).where(StripeEvent.id == event_id))).one()
    event.tries, event.why = event.tries + 1, why
    if event.tries >= MOST_TRIES and event.dead_at is None:
        event.dead_at = clock.now()
        record("stripe_event.died", event.id, by=SYSTEM, type=event.type, why=why)
