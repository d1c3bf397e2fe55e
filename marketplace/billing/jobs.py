"""Jobs of billing: Stripe's events, and what no event told about."""

from uuid import UUID

from marketplace.billing import actions, calls
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("billing.handle_event")
def handle_event(subject_id: str) -> None:
    with transaction():
        payment = actions.handle_event(UUID(subject_id))
    if payment:
        calls.book_settlement(payment)


@job("billing.reconcile", every="* * * * *")
def reconcile() -> None:
    calls.reconcile()
