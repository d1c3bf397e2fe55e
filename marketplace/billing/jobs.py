"""Jobs of billing: Stripe's events, what Stripe is to do, and what no event told about."""

from collections.abc import Sequence
from uuid import UUID

from marketplace.billing import calls, cards, documents, inbox, promos
from marketplace.billing.actions import links
from marketplace.jobs import job
from marketplace.kit.db import transaction


@job("billing.handle_event")
def handle_event(subject_id: str) -> None:
    inbox.handle(UUID(subject_id))


@job("billing.perform_call")
def perform_call(subject_id: str) -> None:
    calls.perform_by_itself(UUID(subject_id))


@job("billing.pay_out_due", every="*/10 * * * *")
def pay_out_due() -> None:
    calls.pay_out_due()


@job("billing.look_after_payouts", every="13 * * * *")
def look_after_payouts() -> None:
    calls.look_after_payouts()


@job("billing.recharge_low", every="* * * * *")
def recharge_low(
    subject_ids: Sequence[str] = (),  # noqa: ARG001  # whatever moved: all that are low are looked at
) -> None:
    reached = cards.NOBODY
    while found := _low_wallets(reached):
        for recharge_id in found:
            with transaction():
                cards.charge_if_low(recharge_id)
        reached = found[-1]


def _low_wallets(after: UUID) -> Sequence[UUID]:
    with transaction():
        return cards.low(after)


@job("billing.warn_of_expiry", every="41 * * * *")
def warn_of_expiry() -> None:
    with transaction():
        cards.warn_of_expiry()


@job("billing.expire_promos", every="*/10 * * * *")
def expire_promos() -> None:
    left = 1
    while left:
        with transaction():
            left = promos.expire_due()


@job("billing.link_parties", every="41 * * * *")
def link_parties() -> None:
    with transaction():
        links.link_again()


@job("billing.reconcile_balance", every="27 * * * *")
def reconcile_balance() -> None:
    calls.reconcile_balance()


@job("billing.reconcile", every="* * * * *")
def reconcile() -> None:
    calls.reconcile()


@job("billing.issue_receipt")
def issue_receipt(subject_id: str) -> None:
    with transaction():
        documents.issue_receipt(UUID(subject_id))
