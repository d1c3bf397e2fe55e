"""Top-ups at their page: the checkout is opened while the payer waits, and looked up when the payer comes back."""

from collections.abc import Callable
from uuid import UUID

from marketplace.billing.actions import payments
from marketplace.billing.calls import engine
from marketplace.billing.errors import PaymentsAway
from marketplace.billing.models import TopUp, TopUpState
from marketplace.billing.queries import call_of, find_for
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.people import Who


def open_checkout(who: Who, ask: Callable[[], UUID], *, instead_of: Callable[[], UUID | None] = lambda: None) -> TopUp:
    """Ask for a top-up (`ask` runs in a transaction and returns its id) and open its checkout page.

    `instead_of` runs in a transaction before: the call that closes the page in whose place this one comes, if there is
    one.

    Raises:
        PaymentsAway: Stripe does not answer; asking again with the same key goes on where this stopped.
        NotAtStripe: Stripe refuses; the top-up has failed.
    """
    _close(instead_of)
    with transaction():
        top_up = find_for(who, ask())
        call_id = call_of("open_checkout", top_up.id)
    if call_id is None or top_up.checkout_url or top_up.state != TopUpState.CREATED:
        return top_up
    engine.perform(call_id)
    with transaction():
        return find_for(who, top_up.id)


def _close(asked: Callable[[], UUID | None]) -> None:
    with transaction():
        call_id = asked()
    if call_id is None:
        return
    try:
        engine.perform(call_id)
    except PaymentsAway:
        raise
    except Refusal:
        return  # it stays open, and counts


def look_up_checkout(who: Who, top_up_id: UUID) -> TopUp:
    """Bring a top-up up to date from Stripe itself, for the page that a payer comes back to."""
    with transaction():
        top_up = find_for(who, top_up_id)
    if top_up.session_id and top_up.is_open:
        settle(top_up.session_id)
        with transaction():
            top_up = find_for(who, top_up_id)
    return top_up


def settle(session_id: str) -> None:
    """Bring the top-up of a checkout page to where the page stands."""
    checkout = engine.gateway().checkouts.get(session_id)
    with transaction():
        payments.settle_checkout(checkout)
