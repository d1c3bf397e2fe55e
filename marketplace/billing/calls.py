"""Edges that call Stripe: row -> call -> row. Each opens its own transactions and is safe to repeat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from marketplace.billing import actions, rules
from marketplace.billing.errors import NotAtStripe, WrongCharge
from marketplace.billing.gateway import CheckoutAsk, Gateway
from marketplace.billing.models import TopUp, TopUpState
from marketplace.billing.queries import find_for
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.i18n import gettext as _
from marketplace.people import Who

log = structlog.get_logger()

_LOST_AFTER = timedelta(minutes=2)
_AT_ONCE = 50


class _Wired:
    gateway: Gateway
    public_url: str


def use_gateway(gateway: Gateway, public_url: str) -> None:
    """Set the gateway and our own address once, at start."""
    _Wired.gateway, _Wired.public_url = gateway, public_url.rstrip("/")


def gateway() -> Gateway:
    """The gateway of this process."""
    return _Wired.gateway


def open_checkout(who: Who, ask: Callable[[], UUID]) -> TopUp:
    """Ask for a top-up (`ask` runs in a transaction and returns its id) and open its checkout page.

    Raises:
        PaymentsAway: Stripe does not answer; asking again with the same key goes on where this stopped.
        NotAtStripe: Stripe refuses; the top-up has failed.
    """
    with transaction():
        top_up = find_for(who, ask())
    if top_up.checkout_url is None and top_up.state == TopUpState.CREATED:
        try:
            checkout = _Wired.gateway.create_checkout(_ask_for(top_up))
        except NotAtStripe:
            with transaction():
                actions.give_up(top_up.id)
            raise
        with transaction():
            top_up = actions.attach_checkout(top_up.id, checkout)
    return top_up


def look_up_checkout(who: Who, top_up_id: UUID) -> TopUp:
    """Bring a top-up up to date from Stripe itself, for the page that a payer comes back to."""
    with transaction():
        top_up = find_for(who, top_up_id)
    if top_up.session_id and top_up.state in (TopUpState.CREATED, TopUpState.PROCESSING):
        _settle(top_up.session_id)
        with transaction():
            top_up = find_for(who, top_up_id)
    return top_up


def reconcile() -> None:
    """Look up what no webhook has told about: open pages, and payments that Stripe has not accounted for yet."""
    for session_id in _session_ids():
        with _one_of_many(session_id):
            _settle(session_id)
    for top_up_id, payment in _unsettled():
        with _one_of_many(payment):
            _book(top_up_id, payment)


def book_settlement(payment: str) -> None:
    """Book what Stripe has accounted for a payment: its fee, and what is left in our balance there."""
    with transaction():
        found = select(TopUp.id).where(TopUp.payment_intent_id == payment, TopUp.settled_at.is_(None))
        top_up_id = session().scalar(found)
    if top_up_id:
        _book(top_up_id, payment)


@contextmanager
def _one_of_many(thing: str) -> Iterator[None]:
    """What is wrong with one payment is logged and stays to be seen; it never stops those behind it."""
    try:
        yield
    except (NotAtStripe, WrongCharge) as why:
        log.error("billing.unsettled", thing=thing, why=type(why).__name__)  # noqa: TRY400  # the kind says it all


def _book(top_up_id: UUID, payment: str) -> None:
    settlement = _Wired.gateway.find_settlement(payment)
    if settlement:
        with transaction():
            actions.book_settlement(top_up_id, settlement)


def _settle(session_id: str) -> None:
    checkout = _Wired.gateway.find_checkout(session_id)
    with transaction():
        actions.settle_checkout(checkout)


def _session_ids() -> list[str]:
    with transaction():
        stale = select(TopUp.session_id).where(
            TopUp.state.in_((TopUpState.CREATED, TopUpState.PROCESSING)),
            TopUp.session_id.is_not(None),
            TopUp.created_at < clock.now() - _LOST_AFTER,
        )
        return [found for found in session().scalars(stale.order_by(TopUp.created_at).limit(_AT_ONCE)) if found]


def _unsettled() -> list[tuple[UUID, str]]:
    with transaction():
        waiting = select(TopUp.id, TopUp.payment_intent_id).where(
            TopUp.state == TopUpState.SUCCEEDED, TopUp.settled_at.is_(None)
        )
        rows = session().execute(waiting.order_by(TopUp.credited_at).limit(_AT_ONCE))
        return [(row.id, row.payment_intent_id) for row in rows if row.payment_intent_id]


def _ask_for(top_up: TopUp) -> CheckoutAsk:
    back = f"{_Wired.public_url}/wallet/top-ups/{top_up.id}"
    return CheckoutAsk(
        key=f"top_up:{top_up.id}:checkout",
        top_up_id=top_up.id,
        amount=top_up.amount,
        label=_("Fairlead wallet"),
        back_url=back,
        cancel_url=f"{_Wired.public_url}/wallet",
        expires_at=top_up.created_at + rules.CHECKOUT_TIME,
        needs_3ds=top_up.needs_3ds,
    )
