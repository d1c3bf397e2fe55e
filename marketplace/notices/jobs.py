"""The jobs of letters: one for each kind, one that tidies up."""

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from marketplace.jobs import Job, job
from marketplace.kit.db import transaction
from marketplace.notices import (
    access,
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
    sign_ins,
)


def _letter(name: str, write: Callable[[UUID], None]) -> Job:
    """The job that writes one kind of letter."""

    @job(f"notices.{name}")
    def tell(subject_id: str) -> None:
        with transaction():
            write(UUID(subject_id))

    return tell


def _about(event: str, write: Callable[[str, UUID], None]) -> Job:
    """The job that tells of one event."""
    return _letter(event.replace(".", "_"), partial(write, event))


confirm_address = _letter("confirm_address", letters.confirm_address)
address_known = _letter("address_known", letters.address_known)
password_reset = _letter("password_reset", letters.password_reset)
password_changed = _letter("password_changed", access.password_changed)
key_made = _letter("key_made", access.key_made)
hook_made = _letter("hook_made", access.hook_made)
invitation = _letter("invitation", letters.invitation)
organisation_verified = _letter("organisation_verified", letters.organisation_verified)

dispute_opened = _letter("dispute_opened", cases.dispute_opened)
dispute_answered = _letter("dispute_answered", cases.dispute_answered)
dispute_decided = _letter("dispute_decided", cases.dispute_decided)
correction_offered = _letter("correction_offered", cases.correction_offered)
dispute_corrected = _letter("dispute_corrected", cases.dispute_corrected)
batch_voided = _letter("batch_voided", cases.batch_voided)
dispute_appealed = _letter("dispute_appealed", cases.dispute_appealed)
appeal_decided = _letter("appeal_decided", cases.appeal_decided)
person_asked = _letter("person_asked", persons.person_asked)
person_stopped = _letter("person_stopped", persons.person_stopped)

purchase_refused = _letter("purchase_refused", purchases.purchase_refused)
deferred_wanted = _letter("deferred_wanted", outcomes.deferred_wanted)
doubt_opened = _letter("doubt_opened", doubts.asked)
doubt_decided = _about("doubt.decided", doubts.decided)
doubt_lifted = _about("doubt.lifted", doubts.decided)
#: of leads that are paid by the sale
DEALS: Mapping[str, Job] = {event: _about(event, deals.tell) for event in deals.NEWS}
#: of changes of how somebody signs in
SIGN_INS: Mapping[str, Job] = {
    **{event: _about(event, sign_ins.tell) for event in sign_ins.NEWS},
    **{event: _about(event, sign_ins.tell_of_passkey) for event in sign_ins.PASSKEY_NEWS},
}
#: of alarms about an agency's channels, and of its suspension
ALARMS: Mapping[str, Job] = {event: _about(event, agencies.tell) for event in agencies.EVENTS}

chargeback_opened = _letter("chargeback_opened", banks.chargeback_opened)
chargeback_escalated = _letter("chargeback_escalated", banks.chargeback_escalated)
chargeback_taken = _letter("chargeback_taken", banks.chargeback_taken)
chargeback_closed = _letter("chargeback_closed", banks.chargeback_closed)
dead_letter = _letter("dead_letter", banks.dead_letter)
card_expiring = _letter("card_expiring", cards.card_expiring)
recharge_declined = _letter("recharge_declined", cards.recharge_declined)
recharge_paused = _letter("recharge_paused", cards.recharge_paused)
refund_returned = _letter("refund_returned", cards.refund_returned)
payout_sent = _letter("payout_sent", payouts.payout_sent)
payout_failed = _letter("payout_failed", payouts.payout_failed)
payout_account_needs = _letter("payout_account_needs", payouts.payout_account_needs)
payout_account_held = _letter("payout_account_held", payouts.payout_account_held)
payout_waits = _letter("payout_waits", payouts.payout_waits)
document_issued = _letter("document_issued", documents.document_issued)
chain_head = _letter("chain_head", books.chain_head)
books_broken = _letter("books_broken", books.books_broken)


@job("notices.forget_old", every="23 4 * * *")
def forget_old() -> None:
    with transaction():
        actions.forget_old()
