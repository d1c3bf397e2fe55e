"""What no webhook has told about: calls without an outcome, open pages, payments that are not accounted for yet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from marketplace.billing.actions import stripe_calls, top_ups
from marketplace.billing.calls import engine
from marketplace.billing.calls.top_ups import settle
from marketplace.billing.errors import PaymentsAway, WrongCharge
from marketplace.billing.models import TopUp, TopUpState
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Refusal

log = structlog.get_logger()

_LOST_AFTER = timedelta(minutes=2)
_AT_ONCE = 50


def reconcile() -> None:
    """One round over everything that waits; what is wrong with one thing never stops those behind it."""
    with transaction():
        calls = stripe_calls.due(_AT_ONCE)
    for call_id in calls:
        with one_of_many(call_id):
            engine.perform(call_id)
    for session_id in _session_ids():
        with one_of_many(session_id):
            settle(session_id)
    for payment in _unsettled():
        with one_of_many(payment):
            _book(payment)


def perform_by_itself(call_id: UUID) -> None:
    """Make a call that nobody waits for: a refusal is written down, an unknown outcome is found out later."""
    try:
        engine.perform(call_id)
    except Refusal as why:
        log.warning("stripe_call.not_done", call=str(call_id), why=why.code)


@contextmanager
def one_of_many(thing: object) -> Iterator[None]:
    """What is wrong with one thing is logged and stays to be seen. Stripe being away ends the round."""
    try:
        yield
    except PaymentsAway:
        raise
    except (Refusal, WrongCharge) as why:
        log.error("billing.unsettled", thing=str(thing), why=type(why).__name__)  # noqa: TRY400  # the kind says it all


def _book(payment_id: str) -> None:
    payment = engine.gateway().payments.get(payment_id)
    with transaction():
        top_ups.settle_payment(payment)


def _session_ids() -> Iterable[str]:
    with transaction():
        stale = select(TopUp.session_id).where(
            TopUp.state.in_((TopUpState.CREATED, TopUpState.PROCESSING)),
            TopUp.session_id.is_not(None),
            TopUp.created_at < clock.now() - _LOST_AFTER,
        )
        return [found for found in session().scalars(stale.order_by(TopUp.created_at).limit(_AT_ONCE)) if found]


def _unsettled() -> Iterable[str]:
    with transaction():
        waiting = select(TopUp.payment_intent_id).where(
            TopUp.state == TopUpState.SUCCEEDED, TopUp.settled_at.is_(None), TopUp.payment_intent_id.is_not(None)
        )
        return [str(found) for found in session().scalars(waiting.order_by(TopUp.credited_at).limit(_AT_ONCE))]
