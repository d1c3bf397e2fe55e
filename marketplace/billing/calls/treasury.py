"""Our own balance at Stripe: read and laid beside our books; and what of it goes to our bank."""

import structlog
from sqlalchemy import select

from marketplace.billing.actions import readings, sweeps
from marketplace.billing.calls import engine
from marketplace.billing.calls.engine import Call
from marketplace.billing.calls.reconcile import one_of_many
from marketplace.billing.errors import PaymentsAway
from marketplace.billing.models import Sweep, SweepState
from marketplace.kit.db import session, transaction

log = structlog.get_logger()

_TRIES = 3

SEND_SWEEP = Call(
    kind="send_sweep",
    prepare=sweeps.prepare_sweep,
    make=lambda gateway, wanted, key: gateway.bank_payouts.send(wanted, key),
    find=lambda gateway, wanted: gateway.bank_payouts.find(wanted),
    settle=lambda _sweep_id, found: sweeps.settle_sweep(found),
    refuse=sweeps.refuse_sweep,
    doubt=sweeps.doubt_sweep,
)


def reconcile_balance() -> None:
    """Read every movement that Stripe lists since the last time, and what it says that we have then.

    The balance is asked before and after the list: only when it has stood still meanwhile the two belong together.
    While Stripe is away nothing is read; the next round reads from the same place on.
    """
    try:
        _reconcile_balance()
    except PaymentsAway:
        log.warning("billing.balance_not_read")


def _reconcile_balance() -> None:
    for _ in range(_TRIES):
        if _read():
            break
    else:
        log.warning("billing.balance_moved_while_read")
    for stripe_id in _sent_sweeps():
        with one_of_many(stripe_id):
            found = engine.gateway().bank_payouts.get(stripe_id)
            with transaction():
                sweeps.settle_sweep(found)


def _read() -> bool:
    balance = engine.gateway().balance
    with transaction():
        since = readings.read_from()
    before = balance.now()
    found = list(balance.lines(since))
    available, after = balance.available(), balance.now()
    with transaction():
        readings.keep_lines(found)
        if before == after:
            readings.keep_reading(after, available)
    return before == after


def _sent_sweeps() -> list[str]:
    with transaction():
        sent = select(Sweep.stripe_id).where(Sweep.state == SweepState.SENT, Sweep.stripe_id.is_not(None))
        return [str(found) for found in session().scalars(sent)]
