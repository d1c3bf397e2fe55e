"""Jobs of orders: what happens when a clock runs out."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.logs import told_without_words
from marketplace.orders import intents, invoicing, links, outcomes
from marketplace.orders.actions import limits
from marketplace.orders.actions.release import Sweep, pay_reserves
from marketplace.orders.actions.release import release_due as release_some
from marketplace.orders.intents.queries import ready
from marketplace.orders.outcomes.hooks import forget_old
from marketplace.orders.sales.due import NOBODY, STEPS

log = structlog.get_logger()

_INTENTS = 100
_REMINDED = 200
_FORGOTTEN = 1_000


@job("orders.release_due", every="* * * * *")
def release_due() -> None:
    _sweep(release_some)
    _sweep(pay_reserves)


@job("orders.settle_sales", every="* * * * *")
def settle_sales() -> None:
    """Each order in a transaction of its own; one that is refused stays for people to look at and stops no other."""
    for step in STEPS.values():
        reached: Sequence[UUID] = [NOBODY]
        while reached:
            with transaction():
                reached = step.after(reached[-1])
            for order_id in reached:
                _take(step.act, order_id)


def _take(act: Callable[[UUID], None], order_id: UUID) -> None:
    try:
        with transaction():
            act(order_id)
    except Refusal as why:
        log.error("order.not_settled", order=str(order_id), why=why.code)  # noqa: TRY400  # the code says it all


def _sweep(step: Callable[[Sweep], Sweep | None]) -> None:
    """Take one batch after the other, each in a transaction of its own."""
    reached: Sweep | None = Sweep()
    while reached:
        with transaction():
            reached = step(reached)


@job("orders.count_unmatured", every="* * * * *")
def count_unmatured() -> None:
    with transaction():
        limits.count_unmatured()


@job("orders.count_at_once")
def count_at_once(subject_id: str) -> None:  # noqa: ARG001  # whoever's grade it was: all are counted
    with transaction():
        limits.count_unmatured()


@job("orders.settle_intent")
def settle_intent(subject_id: str) -> None:
    with transaction():
        intents.settle(UUID(subject_id))


@job("orders.settle_intents", every="* * * * *")
def settle_intents() -> None:
    """Whatever no news led to: a purchase that a crash left behind, a payment page that has closed.

    One that breaks stops no other, and is tried again the next time. Raises: what the first of them broke with.
    """
    broken: list[Exception] = []
    waiting: Sequence[UUID] = [NOBODY]
    while waiting:
        with transaction():
            waiting = ready(waiting[-1], _INTENTS)
        for top_up_id in waiting:
            try:
                with transaction():
                    intents.settle(top_up_id)
            except Exception as error:  # noqa: BLE001  # an edge: it is raised below, after the others had their turn
                log.error("intent.not_settled", top_up=str(top_up_id), **told_without_words(error))  # noqa: TRY400
                broken.append(error)
    if broken:
        raise broken[0]


@job("orders.remind_deferred", every="11 * * * *")
def remind_deferred() -> None:
    reminded = _REMINDED
    while reminded == _REMINDED:
        with transaction():
            reminded = outcomes.remind_due(_REMINDED)


@job("orders.forget_deliveries", every="41 4 * * *")
def forget_deliveries() -> None:
    forgotten = _FORGOTTEN
    while forgotten == _FORGOTTEN:
        with transaction():
            forgotten = forget_old(_FORGOTTEN)


@job("orders.issue_documents", every="*/10 * * * *")
def issue_documents() -> None:
    invoicing.issue_documents()


@job("orders.tell_links", every="47 * * * *")
def tell_links() -> None:
    with transaction():
        links.tell_links()
