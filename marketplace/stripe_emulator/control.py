"""What banks, card owners and Stripe's staff do on their own: done here by tests and by the operator's page.

Say:
    control = Control(app)
    control.pause(account_id)
    control.change_bank(account_id, "000111111116")
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from marketplace.stripe_emulator.banks import find_bank
from marketplace.stripe_emulator.connect import accounts, onboarding, payouts
from marketplace.stripe_emulator.paying import disputes
from marketplace.stripe_emulator.resources import external_accounts, refunds
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.webhooks import outbox
from marketplace.stripe_emulator.world import Work, world_of


class Control:
    """Each act is one transaction, after everything that is due by now. Raises LookupError for unknown ids."""

    def __init__(self, app: Flask) -> None:
        self._world = world_of(app)

    def pause(self, account_id: str) -> None:
        """Stripe stops the account: nothing can be transferred to it or paid out."""
        with self._work() as work:
            accounts.change(work, _known(work, "v2.core.account", account_id), _is_paused=True)

    def resume(self, account_id: str) -> None:
        with self._work() as work:
            accounts.change(work, _known(work, "v2.core.account", account_id), _is_paused=False)
            payouts.plan(work.within(account_id))

    def change_bank(self, account_id: str, number: str) -> None:
        """The account, or the platform for "", is paid out to another test bank. Raises ValueError if it is none."""
        bank = find_bank(number)
        if bank is None:
            raise ValueError(number)
        with self._work() as work:
            if account_id:
                onboarding.change_bank(work, _known(work, "v2.core.account", account_id), bank)
            else:
                external_accounts.replace(work, bank, "Platform", "usd")

    def open_dispute(self, charge_id: str, reason: str = "fraudulent") -> str:
        """The card's owner takes back what is left of a payment; the dispute's id. Raises ValueError if nothing is."""
        with self._work() as work:
            return str(disputes.open_one(work, _disputable(work, charge_id, reason), reason)["id"])

    def ask_about(self, charge_id: str, reason: str = "unrecognized") -> str:
        """The bank asks about a payment and takes nothing; the dispute's id. Raises ValueError if nothing is left."""
        with self._work() as work:
            return str(disputes.inquire(work, _disputable(work, charge_id, reason), reason)["id"])

    def escalate_dispute(self, dispute_id: str) -> None:
        """The bank takes back what it only asked about. Raises NotPossible unless it asks."""
        with self._work() as work:
            disputes.escalate(work, _known(work, "dispute", dispute_id))

    def win_dispute(self, dispute_id: str) -> None:
        """The bank decides for us, also while nobody has answered. Raises NotPossible when it is closed."""
        with self._work() as work:
            disputes.win(work, _known(work, "dispute", dispute_id))

    def lose_dispute(self, dispute_id: str) -> None:
        """The bank decides for the card's owner. Raises NotPossible when it is closed."""
        with self._work() as work:
            disputes.lose(work, _known(work, "dispute", dispute_id))

    def fail_refund(self, refund_id: str) -> None:
        """The bank sends a refund back, whether it was pending or had arrived."""
        with self._work() as work:
            refunds.fail(work, _known(work, "refund", refund_id)["id"])

    def resend(self, event_id: str) -> None:
        """Deliver an event once more, as one does by hand in the dashboard."""
        with self._work() as work:
            outbox.enqueue(work, _known(work, "event", event_id))

    @contextmanager
    def _work(self) -> Iterator[Work]:
        run_due(self._world)
        with self._world.work() as work:
            yield work


def _disputable(work: Work, charge_id: str, reason: str) -> Json:
    charge = _known(work, "charge", charge_id)
    if reason not in disputes.REASONS or not disputes.is_disputable(charge):
        raise ValueError(charge_id)
    return charge


def _known(work: Work, kind: str, object_id: str) -> Json:
    found = work.known(object_id)
    if found["object"] != kind:
        raise LookupError(object_id)
    return found
