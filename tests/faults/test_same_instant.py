"""Two things that exclude each other, in the same instant: exactly one of them happens to each order."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from marketplace import disputes, leads, ledger, orders
from marketplace.billing import calls
from marketplace.billing.actions.payout_accounts import hold_account
from marketplace.billing.queries import call_of
from marketplace.disputes import DisputeState, Reason, Verdict
from marketplace.insights import run_checks
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.money import Money
from marketplace.ledger import Account
from marketplace.orders import jobs
from marketplace.orders.errors import WindowClosed
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.payouts import asked, make_payable_at_stripe, payout_row
from tests.factories.people import make_person
from tests.faults.listings import open_listing
from tests.faults.test_crash_points import objects

PRICE, COUNT = Money(5_00, "USD"), 12


@pytest.fixture
def buyer(app):
    who = make_person("buyer").who
    fund(who, COUNT * PRICE.amount)
    return who


@pytest.fixture
def bought(buyer):
    agency = make_person("agency").who
    with transaction():
        listing = open_listing(agency, price_cents=PRICE.amount)
        received = leads.receive(listing, [make_lead() for _ in range(COUNT)], by=agency)
        return [orders.place(buyer, each.lead_id, PRICE) for each in received]


@pytest.fixture
def together(app):
    """Run each of these in a thread of its own, all from the same moment on."""

    def run(*acts):
        start = threading.Barrier(len(acts))

        def one(act):
            with app.app_context():
                start.wait()
                return act()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run


def entries(kind):
    session().rollback()
    return session().scalar(text("SELECT count(*) FROM ledger_entries WHERE kind = :kind"), {"kind": kind})


def broken():
    session().rollback()
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def for_a_while(act, seconds=1.0):
    def again_and_again():
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            act()

    return again_and_again


def test_a_dispute_and_the_release_in_the_same_instant(buyer, bought, together, clock):
    session().rollback()
    ends = session().scalar(text("SELECT min(window_ends_at) FROM orders"))
    with transaction():
        product_clock.advance(ends - product_clock.now() - timedelta(seconds=0.4))

    def dispute_all():
        opened = 0
        for order_id in bought:
            try:
                with transaction():
                    disputes.open_dispute(buyer, order_id, Reason.BOT, "A program filled it in.")
                opened += 1
            except WindowClosed:
                pass
            time.sleep(0.05)
        return opened

    opened, *_ = together(dispute_all, for_a_while(jobs.release_due), for_a_while(jobs.release_due))
    jobs.release_due()
    assert entries("release") == COUNT - opened
    both = text(
        "SELECT count(*) FROM orders o JOIN disputes d ON d.order_id = o.id"
        " JOIN ledger_entries e ON e.reference_id = o.id AND e.kind = 'release'"
    )
    assert session().scalar(both) == 0
    assert not broken()


def test_a_refund_and_the_release_in_the_same_instant(buyer, bought, together, clock):
    staff = make_person("staff").who
    with transaction():
        cases = [disputes.open_dispute(buyer, order_id, Reason.BOT, "A program did it.").id for order_id in bought]
    clock.advance(days=8)  # every window is over: only the dispute keeps the money

    def decide_all():
        for number, case in enumerate(cases):
            parts = [Verdict(DisputeState.UPHELD, 100, "A program."), Verdict(DisputeState.REJECTED, 0, "A person.")]
            with transaction():
                disputes.decide(staff, case, parts[number % 2])

    together(decide_all, for_a_while(jobs.release_due), for_a_while(jobs.release_due))
    assert entries("refund") == COUNT // 2
    clock.advance(days=4)  # and the time for an appeal
    together(jobs.release_due, jobs.release_due)
    assert entries("release") == COUNT // 2
    with transaction():
        assert ledger.balance(Account.WALLET_CASH, buyer.org_id, "USD") == COUNT // 2 * PRICE.amount
    assert not broken()


@pytest.mark.parametrize("change", ["unverified", "paused", "swapped"])
def test_an_account_that_is_not_fit_any_more_when_it_is_to_be_paid_gets_nothing(app, gateway, change):
    agency, staff = make_payable_at_stripe(gateway), make_person("staff").who
    payout_id = asked(agency.who)
    with transaction():
        if change == "unverified":
            session().execute(text("UPDATE organisations SET verified_at = NULL"))
        elif change == "paused":
            hold_account(staff, agency.org_id, "Somebody else answers their phone.")
        else:
            session().execute(text("UPDATE payout_accounts SET stripe_id = 'acct_of_somebody_else'"))
    with pytest.raises(Refusal):
        calls.perform(call_of("send_payout", payout_id))
    assert payout_row().state == "canceled"
    assert "transfer" not in objects(gateway)
    with transaction():
        assert ledger.balance(Account.SUPPLIER_PAYABLE, agency.org_id, "USD") == 100_00
    assert not broken()
