"""What no webhook has told about: calls without an outcome, open pages, payments that are not accounted for yet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog

from marketplace.billing.actions import homes, payments, refunds, stripe_calls
from marketplace.billing.calls import engine
from marketplace.billing.calls.cards import settle_card_page
from marketplace.billing.calls.top_ups import settle
from marketplace.billing.errors import PaymentsAway, StrangeMoney, WrongCharge
from marketplace.billing.queries import open_card_pages, open_charges, waiting
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal

log = structlog.get_logger()

_AT_ONCE = 50


def reconcile() -> None:
    """One round over everything that waits; what is wrong with one thing never stops those behind it."""
    with transaction():
        homes.stay()
    for waiting_now, do in ROUNDS:
        with transaction():
            found = waiting_now(_AT_ONCE)
        for each in found:
            with one_of_many(each):
                do(each)


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
    except (Refusal, StrangeMoney, WrongCharge) as why:
        log.error("billing.unsettled", thing=str(thing), why=type(why).__name__)  # noqa: TRY400  # the kind says it all


def _book_payment(payment_id: str) -> None:
    payment = engine.gateway().payments.get(payment_id)
    with transaction():
        payments.settle_payment(payment)


def _book_refund(refund_id: str) -> None:
    refund = engine.gateway().refunds.get(refund_id)
    with transaction():
        refunds.settle_refund(refund)


#: what waits, and what is done with each of it
ROUNDS: Sequence[tuple[Callable[[int], Sequence[Any]], Callable[[Any], None]]] = (
    (stripe_calls.due, engine.perform),
    (waiting.open_pages, settle),
    (open_card_pages, settle_card_page),
    (open_charges, _book_payment),
    (waiting.unsettled_payments, _book_payment),
    (waiting.unsettled_refunds, _book_refund),
)
