"""The database is restored from a backup: what Stripe did meanwhile comes back, and nothing is sent a second time."""

import re
import subprocess
import sys

import pytest
from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import calls, oversight, restoring, treasury
from marketplace.billing.actions import homes
from marketplace.billing.errors import BooksRestored, PaymentsAway
from marketplace.billing.payouts import look_up_account, onboarding_link
from marketplace.billing.queries import call_of
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, Line
from tests.factories import running
from tests.factories.backups import Backup
from tests.factories.pages import Reader
from tests.factories.paying import REFUND_BOUNCES, TAKEN_BACK, give_back, pay_in, top_up_of
from tests.factories.payouts import Bank, asked, award, make_payable_at_stripe, make_profit, set_grade
from tests.factories.people import make_person
from tests.faults.subjects import SUBJECTS
from tests.faults.test_crash_points import at_home, objects

#: a chargeback that is found again has another id of ours
_BOOKS = text("""
SELECT a.kind, o.id, a.currency, sum(p.amount) FROM ledger_postings p
JOIN ledger_accounts a ON a.id = p.account_id LEFT JOIN organisations o ON o.id = a.owner_id
GROUP BY 1, 2, 3 HAVING sum(p.amount) <> 0 ORDER BY 1, 2, 3
""")
_ROWS = text("""
SELECT id, state, amount_cents, currency, org_id FROM top_ups WHERE state NOT IN ('created', 'expired')
UNION ALL SELECT id, state, amount_cents, currency, org_id FROM card_refunds
UNION ALL SELECT id, replace(state, 'paid', 'sent'), amount_cents, currency, org_id FROM payouts
UNION ALL SELECT id, state, amount_cents, currency, asked_by FROM sweeps ORDER BY 1
""")


@pytest.fixture
def backup(app):
    made = []

    def make() -> Backup:
        made.append(Backup())
        return made[-1]

    yield make
    for each in made:
        each.drop()


@pytest.fixture
def rest(gateway, clock, run_jobs):
    """Everything that was asked for happens, here and at Stripe."""

    def come_to_rest() -> None:
        for _ in range(2):
            clock.advance(minutes=3)
            calls.reconcile()
            gateway.deliver()
            run_jobs()

    return come_to_rest


@pytest.fixture
def command(environment, live):
    """Run a command as its operator does; what it counted."""

    def run(*words: str) -> dict[str, int]:
        here = {**environment, "PUBLIC_URL": live, "STRIPE_API_BASE": calls.gateway().checkout_origin}
        started = [sys.executable, "-m", "marketplace", *words]
        said = subprocess.run(started, env=here, capture_output=True, text=True, timeout=60, check=False)
        assert said.returncode == 0, said.stdout + said.stderr
        assert "not settled" not in said.stdout
        counts = re.findall(r"^ *(\d+) (.+) that the backup did not have$", said.stdout, re.MULTILINE)
        return {what: int(count) for count, what in counts}

    return run


def books():
    session().rollback()
    return [tuple(row) for row in session().execute(_BOOKS)], [tuple(row) for row in session().execute(_ROWS)]


def broken():
    session().rollback()
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def restored():
    report = restoring.restore()
    with transaction():
        restoring.finish()
    return report


def move(who, cents):
    """Into a wallet, or out of it, without a card."""
    lines = [Line(Account.FEE_REVENUE, cents), Line(Account.WALLET_CASH, -cents, who.org_id)]
    with transaction():
        key = f"adjustment:{new_id()}"
        ledger.post("adjustment", key=key, reference=who.org_id, currency="USD", lines=lines, by=who)


def refund_by_hand(top_up_id):
    """Somebody does it at Stripe."""
    payment = top_up_of(top_up_id).payment_intent_id
    calls.gateway().refunds._client.ask(lambda api: api.v1.refunds.create({"payment_intent": payment, "amount": 10_00}))


def test_nothing_is_sent_twice_and_nothing_is_lost(api, gateway, backup, rest, run_jobs, clock, later, command):
    early, late, newcomer = make_payable_at_stripe(gateway), make_payable_at_stripe(gateway), make_person("agency")
    buyer, other = make_person("buyer").who, make_person("buyer").who
    pay_in(gateway, buyer, 80_00)
    set_grade(newcomer, "A")
    award(newcomer.who, 60_00)
    rest()
    # wanted before the backup, and not done yet
    asked(early.who)
    give_back(buyer, 20_00)
    page = billing.open_checkout(buyer, lambda: billing.ask_top_up(buyer, Money(30_00, "USD")).id)
    kept = backup()
    # done after it
    assert gateway.pay(str(page.checkout_url)) == 303
    rest()
    pay_in(gateway, other, 90_00)
    give_back(other, 15_00)
    asked(late.who)
    assert Bank(gateway).tell(onboarding_link(newcomer.who)) == 303
    rest()
    look_up_account(newcomer.who)
    asked(newcomer.who)
    clock.advance(days=2)  # Stripe forgets every key
    gateway.deliver()
    run_jobs()
    before, at_stripe = books(), objects(gateway)

    kept.restore()
    refused = api(late).post("/payouts", {})
    assert (refused.status, refused.code) == (503, "payments_unavailable")
    later(hours=1)  # workers are at work before anybody has said that it was restored
    assert objects(gateway) == at_stripe
    assert books() != before

    assert command("restored") == {
        "top-ups": 1, "refunds to cards": 1, "payouts": 2, "accounts of agencies": 1, "sweeps to our bank": 0,
    }  # fmt: skip
    rest()
    assert books() == before
    later(days=4)
    gateway.deliver()
    run_jobs()
    assert objects(gateway)["transfer"] == at_stripe["transfer"] == 3
    assert objects(gateway)["refund"] == at_stripe["refund"] == 2
    states = text("SELECT DISTINCT state FROM payouts UNION SELECT DISTINCT state FROM stripe_calls")
    assert set(session().scalars(states)) == {"paid", "done"}
    assert not broken()


@pytest.mark.parametrize("kind", sorted(calls.CALLS))
def test_a_call_that_the_backup_knows_as_wanted_is_looked_up_before_it_is_made(kind, gateway, backup, rest, clock):
    subject_id = SUBJECTS[kind](gateway)
    call_id = call_of(kind, subject_id)
    kept = backup()
    calls.perform(call_id)
    kept.restore()
    clock.advance(days=2)  # Stripe has forgotten the key
    gateway.deliver()
    at_stripe = objects(gateway)
    with pytest.raises(BooksRestored):
        calls.perform(call_id)
    with transaction():
        homes.open_restore(None)
        restoring.finish()
    calls.perform(call_id)
    assert objects(gateway) == at_stripe
    assert {state for made, state in at_home(subject_id)["calls"] if made == kind} == {"done"}


def test_what_was_never_made_is_made_after_a_restore_and_staff_see_that_money_rests(gateway, backup, client):
    reader = Reader(client)
    reader.sign_in(make_person("staff"))
    agency = make_payable_at_stripe(gateway)
    payout_id = asked(agency.who)
    kept = backup()
    assert "The database was restored" not in reader.get("/admin/money").words
    kept.restore()
    assert "The database was restored" in reader.get("/admin/money").words
    restored()
    calls.perform(call_of("send_payout", payout_id))
    assert objects(gateway)["transfer"] == 1
    assert at_home(payout_id)["calls"] == [("send_payout", "done")]


def test_money_that_was_earned_and_paid_in_the_lost_time_is_owed(api, gateway, backup, rest):
    agency, buyer = make_payable_at_stripe(gateway), make_person("buyer")
    pay_in(gateway, buyer.who, 50_00)
    move(buyer.who, -40_00)
    rest()
    kept = backup()
    award(agency.who, 30_00)
    asked(agency.who)
    move(buyer.who, 40_00)
    give_back(buyer.who, 50_00)
    rest()
    at_stripe = objects(gateway)
    kept.restore()
    report = restored()
    assert report.owed == [Money(70_00, "USD")]
    rest()
    assert objects(gateway) == at_stripe
    owed = text("SELECT kind, balance FROM ledger_accounts WHERE kind LIKE '%receivable' AND balance > 0 ORDER BY 1")
    assert [tuple(row) for row in session().execute(owed)] == [
        ("buyer_receivable", 40_00), ("supplier_receivable", 30_00),
    ]  # fmt: skip
    assert not broken()


def test_chargebacks_sweeps_and_money_that_came_back_are_known_again(gateway, backup, rest, clock):
    make_profit(gateway, 50_00)
    contested, bounced, staff = (make_person(kind).who for kind in ("buyer", "buyer", "staff"))
    rest()
    kept = backup()
    with transaction():
        treasury.ask_sweep(staff, Money(10_00, "USD"), "The fees of last month.")
    rest()
    pay_in(gateway, contested, 40_00, TAKEN_BACK)
    pay_in(gateway, bounced, 30_00, REFUND_BOUNCES)
    rest()
    give_back(bounced, 30_00)
    rest()
    before, at_stripe = books(), objects(gateway)
    kept.restore()
    report = restored()
    assert (report.left, report.owed) == ([], [])
    rest()
    assert (books(), objects(gateway)) == (before, at_stripe)
    assert session().scalar(text("SELECT count(*) FROM chargebacks")) == 1
    assert not broken()


def test_what_nothing_of_ours_explains_is_put_before_staff(gateway, backup, rest, clock, mail):
    buyer, staff = make_person("buyer").who, make_person("staff").who
    rest()
    kept = backup()
    gone = make_person("buyer").who
    pay_in(gateway, gone, 40_00)
    top_up = pay_in(gateway, buyer, 30_00)
    clock.advance(minutes=3)
    calls.reconcile()
    gateway.deliver()
    refund_by_hand(top_up)
    clock.advance(minutes=3)
    gateway.deliver()
    kept.restore()
    report = restored()
    assert report.adopted["top_up.adopted"] == 1
    assert {news.type for news in report.left} <= {"refund.created", "charge.refunded", "refund.updated"}
    assert report.left
    assert sorted(line.kind for line in report.unmatched) == ["charge", "refund"]
    with transaction():
        waiting = oversight.webhooks_for(staff)
    assert waiting.waiting == len(report.left)


def test_while_stripe_is_away_a_restore_is_not_finished_and_goes_on_later(app, gateway, backup, rest):
    rest()
    kept = backup()
    kept.restore()
    with running.lent(app):
        billing.use_gateway(billing.Gateway("sk_test_x", "http://127.0.0.1:9", "whsec"), "http://127.0.0.1")
        with pytest.raises(PaymentsAway):
            restoring.restore()
    with transaction():
        assert not homes.is_settled()
        began = homes.newest().id
    restored()
    with transaction():
        assert homes.is_settled()
        assert homes.newest().id == began


def test_a_database_that_was_never_anywhere_is_at_home_and_a_backup_of_a_restore_remembers_it(app, backup, clock):
    with transaction():
        assert homes.is_settled()
    kept = backup()
    kept.restore()
    with transaction():
        since = homes.open_restore(None).since
    unfinished = backup()
    clock.advance(days=3)
    unfinished.restore()
    with transaction():
        assert homes.open_restore(None).since <= since
