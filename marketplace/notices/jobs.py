"""The jobs of letters: one for each kind, one that tidies up."""

from collections.abc import Callable, Mapping
from uuid import UUID

from marketplace.jobs import Job, job
from marketplace.kit.db import transaction
from marketplace.notices import (
    actions,
    agencies,
    banks,
    books,
    cards,
    cases,
    deals,
    documents,
    doubts,
    letters,
    outcomes,
    payouts,
    persons,
    purchases,
)
from marketplace.notices.sending import send

__all__ = [
    "ALARMS",
    "DEALS",
    "address_known",
    "appeal_decided",
    "batch_voided",
    "books_broken",
    "card_expiring",
    "chain_head",
    "chargeback_opened",
    "confirm_address",
    "correction_offered",
    "dead_letter",
    "dispute_answered",
    "dispute_appealed",
    "dispute_corrected",
    "dispute_decided",
    "dispute_opened",
    "document_issued",
    "forget_old",
    "invitation",
    "organisation_verified",
    "password_changed",
    "password_reset",
    "payout_account_held",
    "payout_account_needs",
    "payout_failed",
    "payout_sent",
    "payout_waits",
    "person_asked",
    "person_stopped",
    "purchase_refused",
    "recharge_declined",
    "recharge_paused",
    "refund_returned",
    "send",
]


@job("notices.confirm_address")
def confirm_address(subject_id: str) -> None:
    with transaction():
        letters.confirm_address(UUID(subject_id))


@job("notices.address_known")
def address_known(subject_id: str) -> None:
    with transaction():
        letters.address_known(UUID(subject_id))


@job("notices.password_reset")
def password_reset(subject_id: str) -> None:
    with transaction():
        letters.password_reset(UUID(subject_id))


@job("notices.password_changed")
def password_changed(subject_id: str) -> None:
    with transaction():
        letters.password_changed(UUID(subject_id))


@job("notices.invitation")
def invitation(subject_id: str) -> None:
    with transaction():
        letters.invitation(UUID(subject_id))


@job("notices.organisation_verified")
def organisation_verified(subject_id: str) -> None:
    with transaction():
        letters.organisation_verified(UUID(subject_id))


@job("notices.dispute_opened")
def dispute_opened(subject_id: str) -> None:
    with transaction():
        cases.dispute_opened(UUID(subject_id))


@job("notices.person_asked")
def person_asked(subject_id: str) -> None:
    with transaction():
        persons.person_asked(UUID(subject_id))


@job("notices.person_stopped")
def person_stopped(subject_id: str) -> None:
    with transaction():
        persons.person_stopped(UUID(subject_id))


@job("notices.dispute_answered")
def dispute_answered(subject_id: str) -> None:
    with transaction():
        cases.dispute_answered(UUID(subject_id))


@job("notices.dispute_decided")
def dispute_decided(subject_id: str) -> None:
    with transaction():
        cases.dispute_decided(UUID(subject_id))


@job("notices.correction_offered")
def correction_offered(subject_id: str) -> None:
    with transaction():
        cases.correction_offered(UUID(subject_id))


@job("notices.dispute_corrected")
def dispute_corrected(subject_id: str) -> None:
    with transaction():
        cases.dispute_corrected(UUID(subject_id))


@job("notices.batch_voided")
def batch_voided(subject_id: str) -> None:
    with transaction():
        cases.batch_voided(UUID(subject_id))


@job("notices.dispute_appealed")
def dispute_appealed(subject_id: str) -> None:
    with transaction():
        cases.dispute_appealed(UUID(subject_id))


@job("notices.appeal_decided")
def appeal_decided(subject_id: str) -> None:
    with transaction():
        cases.appeal_decided(UUID(subject_id))


@job("notices.chargeback_opened")
def chargeback_opened(subject_id: str) -> None:
    with transaction():
        banks.chargeback_opened(UUID(subject_id))


@job("notices.dead_letter")
def dead_letter(subject_id: str) -> None:
    with transaction():
        banks.dead_letter(UUID(subject_id))


@job("notices.chain_head")
def chain_head(subject_id: str) -> None:
    with transaction():
        books.chain_head(UUID(subject_id))


@job("notices.books_broken")
def books_broken(subject_id: str) -> None:
    with transaction():
        books.books_broken(UUID(subject_id))


@job("notices.payout_sent")
def payout_sent(subject_id: str) -> None:
    with transaction():
        payouts.payout_sent(UUID(subject_id))


@job("notices.payout_failed")
def payout_failed(subject_id: str) -> None:
    with transaction():
        payouts.payout_failed(UUID(subject_id))


@job("notices.payout_account_needs")
def payout_account_needs(subject_id: str) -> None:
    with transaction():
        payouts.payout_account_needs(UUID(subject_id))


@job("notices.payout_account_held")
def payout_account_held(subject_id: str) -> None:
    with transaction():
        payouts.payout_account_held(UUID(subject_id))


@job("notices.payout_waits")
def payout_waits(subject_id: str) -> None:
    with transaction():
        payouts.payout_waits(UUID(subject_id))


@job("notices.purchase_refused")
def purchase_refused(subject_id: str) -> None:
    with transaction():
        purchases.purchase_refused(UUID(subject_id))


@job("notices.document_issued")
def document_issued(subject_id: str) -> None:
    with transaction():
        documents.document_issued(UUID(subject_id))


def _about(event: str, write: Callable[[str, UUID], None]) -> Job:
    """The job that tells of one event."""

    @job(f"notices.{event.replace('.', '_')}")
    def tell(subject_id: str) -> None:
        with transaction():
            write(event, UUID(subject_id))

    return tell


#: of leads that are paid by the sale
DEALS: Mapping[str, Job] = {event: _about(event, deals.tell) for event in deals.NEWS}
#: of alarms about an agency's channels, and of its suspension
ALARMS: Mapping[str, Job] = {event: _about(event, agencies.tell) for event in agencies.EVENTS}


@job("notices.forget_old", every="23 4 * * *")
def forget_old() -> None:
    with transaction():
        actions.forget_old()


@job("notices.card_expiring")
def card_expiring(subject_id: str) -> None:
    with transaction():
        cards.card_expiring(UUID(subject_id))


@job("notices.recharge_declined")
def recharge_declined(subject_id: str) -> None:
    with transaction():
        cards.recharge_declined(UUID(subject_id))


@job("notices.recharge_paused")
def recharge_paused(subject_id: str) -> None:
    with transaction():
        cards.recharge_paused(UUID(subject_id))


@job("notices.refund_returned")
def refund_returned(subject_id: str) -> None:
    with transaction():
        cards.refund_returned(UUID(subject_id))


@job("notices.doubt_opened")
def doubt_opened(subject_id: str) -> None:
    with transaction():
        doubts.asked(UUID(subject_id))


@job("notices.doubt_decided")
def doubt_decided(subject_id: str) -> None:
    with transaction():
        doubts.decided(UUID(subject_id), "doubt.decided")


@job("notices.doubt_lifted")
def doubt_lifted(subject_id: str) -> None:
    with transaction():
        doubts.decided(UUID(subject_id), "doubt.lifted")


@job("notices.deferred_wanted")
def deferred_wanted(subject_id: str) -> None:
    with transaction():
        outcomes.deferred_wanted(UUID(subject_id))
