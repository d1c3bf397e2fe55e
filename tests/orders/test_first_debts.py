"""A debt that comes into being while money comes back: nothing slips past it, and nobody waits in a circle."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import ledger
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.ledger import Account
from marketplace.orders.sales.finding import any_deal
from marketplace.orders.sales.money import return_deposit
from tests.factories.banks import bank_dispute, tell_of_bank
from tests.factories.money import fund, owe
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer

LOCKED = "SELECT FROM ledger_accounts WHERE owner_id = :buyer AND kind ="
WAITS_FOR_US = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")


@pytest.fixture
def buyer(app):
    return make_person("buyer")


def standing(buyer):
    """What the buyer owes, and what is in its wallet."""
    session().rollback()
    kinds = Account.BUYER_RECEIVABLE, Account.WALLET_CASH
    return tuple(ledger.balance(kind, buyer.org_id, "USD") for kind in kinds)


def broken():
    session().rollback()
    return [finding.code for finding in run_checks() if not finding.holds]


def wait_until_somebody_waits(other):
    while not session().scalar(WAITS_FOR_US):
        assert not other.done()
        time.sleep(0.05)


@pytest.mark.parametrize(("end", "left"), [("won", (0, 79_00)), ("lost", (21_00, 0))])
def test_the_end_of_a_chargeback_locks_the_debt_before_the_wallets(app, api, buyer, end, left):
    payment = fund(buyer.who, 100_00)
    (lead,) = offer(api(make_person("agency")))
    acquire(api(buyer), lead)  # 80.00 are left, so a part of what the bank took is owed
    owe(buyer.who, 1_00)
    bank_dispute(payment, "needs_response", 100_00)

    def close():
        with app.app_context():
            bank_dispute(payment, end, 100_00)

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            session().execute(text(f"{LOCKED} 'buyer_receivable' FOR NO KEY UPDATE"), {"buyer": buyer.org_id})
            closing = pool.submit(close)
            wait_until_somebody_waits(closing)
            session().execute(text(f"{LOCKED} 'wallet_cash' FOR NO KEY UPDATE NOWAIT"), {"buyer": buyer.org_id})
        closing.result()
    assert standing(buyer) == left


def test_what_stays_frozen_when_the_bank_has_decided_is_found(buyer):
    chargeback = bank_dispute(fund(buyer.who, 80_00), "needs_response", 80_00)
    assert broken() == []
    with transaction():
        session().execute(text("UPDATE chargebacks SET state = 'won' WHERE id = :id"), {"id": chargeback})
    assert broken() == ["R10"]


def test_what_comes_back_at_the_moment_of_a_first_debt_repays_it(app, api, buyer):
    payment = fund(buyer.who, 20_00)
    (lead,) = offer(api(make_person("agency")))
    deal = UUID(acquire(api(buyer), lead))
    bank_dispute(payment, "needs_response", 20_00)

    def come_back():
        with app.app_context(), transaction():
            return_deposit(any_deal(deal))

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            tell_of_bank(payment, "lost", 20_00)
            coming = pool.submit(come_back)
            wait_until_somebody_waits(coming)
        coming.result()
    assert standing(buyer) == (0, 0)
    assert broken() == []
