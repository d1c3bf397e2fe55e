"""Our own money: what may be swept, what Stripe lists beside our books, and what docs/money.md says about both."""

import pytest
from sqlalchemy import text

from marketplace.billing import calls, payouts, treasury
from marketplace.billing.actions import sweeps
from marketplace.billing.gateway import BankPayout, Settlement
from marketplace.billing.payout_errors import AccountHeld, SweepTooLarge, SweepUnderWay
from marketplace.billing.payout_rules import WAIT
from marketplace.billing.queries import call_of
from marketplace.insights import run_checks
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden
from marketplace.kit.money import Money
from tests.factories.books import promised, written
from tests.factories.payouts import asked, award, hear, make_payable_at_stripe, make_profit
from tests.factories.people import make_person

WHY = "The fees of last month."


@pytest.fixture
def staff(app):
    return make_person("staff").who


def dollars(cents):
    return Money(cents, "USD")


def broken():
    session().rollback()
    left = {"I16"}  # the news that nobody handles here
    return {finding.code for finding in run_checks() if not finding.holds} - left


def ask(who, cents):
    with transaction():
        return treasury.ask_sweep(who, dollars(cents), WHY)


def test_what_stripe_never_accounts_for_is_found_after_three_days(staff, gateway, clock):
    agency = make_payable_at_stripe(gateway)
    make_profit(gateway, 200_00)
    payout = asked(agency.who)
    calls.perform(call_of("send_payout", payout))
    sweep = ask(staff, 10_00)
    calls.perform(call_of("send_sweep", sweep.id))
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        settled = "SELECT id FROM ledger_entries WHERE reference_id = :id AND key LIKE 'txn:%'"
        lost = f"DELETE FROM ledger_postings WHERE entry_id IN ({settled})"
        for each in (payout, sweep.id):
            session().execute(text(lost), {"id": each})

    def unaccounted():
        session().rollback()
        (found,) = (finding for finding in run_checks() if finding.code == "I13")
        return {row["id"] for row in found.rows}

    assert unaccounted() == set()
    clock.advance(hours=73)
    assert unaccounted() == {str(payout), str(sweep.id)}


def test_only_what_is_ours_is_swept(staff, gateway, run_jobs, later):
    make_profit(gateway, 200_00)
    assert not broken()
    [usd] = treasury.treasury_for(staff)
    assert usd.difference == dollars(0)
    assert usd.sweepable == usd.booked
    with pytest.raises(Forbidden):
        ask(make_person("agency").who, 10_00)
    with pytest.raises(SweepTooLarge):
        ask(staff, usd.sweepable.amount + 1)
    award(make_person("agency").who, 100_00)
    [usd] = treasury.treasury_for(staff)
    assert usd.sweepable == usd.booked - dollars(110_00)  # what is owed, and a tenth of it
    sweep = ask(staff, 10_00)
    with pytest.raises(SweepUnderWay):
        ask(staff, 1_00)
    run_jobs()
    hear(gateway, run_jobs)
    assert written(["sweep", "sweep_settle"]) == promised(["sweep", "sweep_settle"])
    later(days=3)
    hear(gateway, run_jobs)
    calls.reconcile_balance()
    assert session().get(treasury.Sweep, sweep.id, populate_existing=True).state == "paid"
    assert treasury.unmatched_for(staff) == []
    assert not broken()


def test_our_bank_sends_it_back(staff, gateway):
    make_profit(gateway, 200_00)
    sweep = ask(staff, 10_00)
    calls.perform(call_of("send_sweep", sweep.id))
    session().rollback()
    row = session().get(treasury.Sweep, sweep.id, populate_existing=True)
    now = product_clock.now()
    back = BankPayout(
        row.stripe_id, None, dollars(10_00), "failed", "no_account", now, now, sweep_id=sweep.id,
        return_settlement=Settlement("txn_back", dollars(10_00), 0),
    )  # fmt: skip
    for _ in range(2):
        with transaction():
            sweeps.settle_sweep(back)
    assert written(["sweep_return"]) == promised(["sweep_return"])
    assert session().get(treasury.Sweep, sweep.id, populate_existing=True).state == "failed"


def test_what_stripe_lists_and_our_books_do_not_know_is_shown_and_found(staff, gateway, clock):
    make_profit(gateway, 100_00)
    tampering = "INSERT INTO balance_lines VALUES ('txn_x', 'charge', 'ch_x', 500, 0, 'USD', :at)"
    with transaction():
        session().execute(text(tampering), {"at": product_clock.now()})
    assert [line.id for line in treasury.unmatched_for(staff)] == ["txn_x"]
    assert not broken()
    clock.advance(hours=73)
    assert "I14" in broken()
    with transaction():
        session().execute(text("DELETE FROM balance_lines WHERE id = 'txn_x'"))
        session().execute(text("UPDATE balance_readings SET at_stripe_cents = at_stripe_cents + 1"))
    assert "I14" in broken()
    calls.reconcile_balance()
    assert not broken()
    with transaction():
        session().execute(text("UPDATE balance_lines SET net_cents = net_cents - 1"))
    assert "I14" in broken()


def test_a_payout_as_its_entries(staff, gateway):
    agency = make_payable_at_stripe(gateway)
    payout = asked(agency.who)
    calls.perform(call_of("send_payout", payout))
    with transaction():
        payouts.take_back(staff, payout, "The bank is gone.")
    calls.perform(call_of("take_payout_back", payout))
    kinds = ["payout_reserve", "payout_sent", "payout_return"]
    assert written(kinds) == promised(kinds)
    assert session().scalar(text("SELECT state FROM payouts")) == "failed"
    assert not broken()


def test_a_refused_payout_and_its_transfer_as_entries(staff, gateway):
    agency = make_payable_at_stripe(gateway)
    first = asked(agency.who)
    calls.perform(call_of("send_payout", first))
    assert written(["transfer_settle"]) == promised(["transfer_settle"])
    award(agency.who, 100_00)
    with transaction():
        product_clock.advance(WAIT["same_day"])
        payout = payouts.ask_payout(agency.who, "USD").id
        payouts.hold_account(staff, agency.org_id, "Somebody called.")
    with pytest.raises(AccountHeld):
        calls.perform(call_of("send_payout", payout))
    assert written(["payout_void"]) == promised(["payout_void"])
    assert not broken()
