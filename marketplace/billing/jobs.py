"""Jobs of billing: Stripe's events, and what no event told about."""

from uuid import UUID

from marketplace.billing import actions, calls
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("billing.handle_event")
def handle_event(subject_id: str) -> None:
    with transaction():
        actions.handle_event(UUID(subject_id))
    calls.book_settlements()


@job("billing.reconcile", every="* * * * *")
def reconcile() -> None:
    calls.reconcile()
