"""What banks, card owners and Stripe's staff do on their own: done here by tests and by the operator's page.

control = Control(app)
control.pause(account_id)
control.change_bank(account_id, "000111111116")
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from marketplace.stripe_emulator.banks import find_bank
from marketplace.stripe_emulator.connect import accounts, onboarding, payouts
from marketplace.stripe_emulator.resources import external_accounts
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.world import Work, world_of


class Control:
    """Each act is one transaction, after everything that is due by now. Raises LookupError for unknown ids."""

    def __init__(self, app: Flask) -> None:
        self._world = world_of(app)

    def pause(self, account_id: str) -> None:
        """Stripe stops the account: nothing can be transferred to it or paid out."""
        with self._work() as work:
            accounts.change(work, work.known(account_id), _is_paused=True)

    def resume(self, account_id: str) -> None:
        with self._work() as work:
            accounts.change(work, work.known(account_id), _is_paused=False)
            payouts.plan(work.within(account_id))

    def change_bank(self, account_id: str, number: str) -> None:
        """The account, or the platform for "", is paid out to another test bank. Raises ValueError if it is none."""
        bank = find_bank(number)
        if bank is None:
            raise ValueError(number)
        with self._work() as work:
            if account_id:
                onboarding.change_bank(work, work.known(account_id), bank)
            else:
                external_accounts.replace(work, bank, "Platform", "usd")

    @contextmanager
    def _work(self) -> Iterator[Work]:
        run_due(self._world)
        with self._world.work() as work:
            yield work
