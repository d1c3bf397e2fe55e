"""Payments that do not fit, news that comes early, and one bad payment among many."""

from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import TopUpState, actions, calls
from marketplace.billing.gateway import Checkout
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.ledger import Account
from tests.factories.money import fund
from tests.factories.people import make_person


def dollars(cents):
    return Money(cents, "USD")


def wallet(who):
    session().rollback()
    return ledger.balance(Account.WALLET_CASH, who.org_id, "USD")


def state_of(top_up_id):
    session().rollback()
    return session().scalar(text("SELECT state FROM top_ups WHERE id = :id"), {"id": top_up_id})


def a_page(top_up, *, cents, page="cs_1", paid=True, expired=False):
    url = "https://pay.test"
    return Checkout(page, top_up.id, url, is_paid=paid, is_expired=expired, amount=dollars(cents), payment="pi_1")


def asked(who, cents=50_00):
    with transaction():
        return actions.ask_top_up(who, dollars(cents))


def test_a_payment_of_another_amount_is_never_credited(app):
    buyer = make_person("buyer").who
    top_up = asked(buyer)
    with transaction():
        actions.settle_checkout(a_page(top_up, cents=60_00))
    assert (state_of(top_up.id), wallet(buyer)) == (TopUpState.FAILED, 0)
    assert session().scalar(text("SELECT count(*) FROM events WHERE name = 'top_up.mismatched'")) == 1


def test_news_before_our_own_answer_finds_its_top_up(app):
    buyer = make_person("buyer").who
    top_up = asked(buyer)
    page = a_page(top_up, cents=50_00)
    with transaction():
        actions.settle_checkout(page)
    with transaction():
        kept = actions.attach_checkout(top_up.id, page)
    assert (kept.session_id, kept.checkout_url, wallet(buyer)) == ("cs_1", "https://pay.test", 50_00)


def test_the_same_news_from_three_sides_is_one_credit(app):
    buyer = make_person("buyer").who
    top_up = asked(buyer)
    for _ in range(3):
        with transaction():
            actions.settle_checkout(a_page(top_up, cents=50_00))
    assert wallet(buyer) == 50_00
    assert session().scalar(text("SELECT count(*) FROM events WHERE name = 'top_up.succeeded'")) == 1


def test_paid_in_the_last_second_counts(app):
    buyer = make_person("buyer").who
    top_up = asked(buyer)
    with transaction():
        actions.settle_checkout(a_page(top_up, cents=50_00, paid=False, expired=True))
    with transaction():
        actions.settle_checkout(a_page(top_up, cents=50_00))
    assert (state_of(top_up.id), wallet(buyer)) == (TopUpState.SUCCEEDED, 50_00)


def test_one_bad_payment_stops_no_other(app, clock, gateway):
    first, second = make_person("buyer").who, make_person("buyer").who
    pages = [
        billing.open_checkout(who, lambda who=who: actions.ask_top_up(who, dollars(50_00)).id)
        for who in (first, second)
    ]
    for page in pages:
        assert gateway.pay(page.checkout_url) == 303
    with transaction():
        session().execute(text("UPDATE top_ups SET amount_cents = 4000 WHERE id = :id"), {"id": pages[0].id})
    clock.advance(minutes=5)
    calls.reconcile()
    assert (state_of(pages[0].id), wallet(first)) == (TopUpState.FAILED, 0)
    assert (state_of(pages[1].id), wallet(second)) == (TopUpState.SUCCEEDED, 50_00)
    calls.reconcile()
    assert session().scalar(text("SELECT settled_at IS NOT NULL FROM top_ups WHERE id = :id"), {"id": pages[1].id})


def broken():
    session().rollback()
    return {finding.code for finding in run_checks() if not finding.holds}


def test_the_checks_see_money_from_nowhere_and_in_the_wrong_wallet(app):
    buyer, other = make_person("buyer").who, make_person("buyer").who
    fund(buyer, 50_00)
    assert not broken()
    tampering = "UPDATE top_ups SET org_id = :other"
    with transaction():
        session().execute(text(tampering), {"other": other.org_id})
    assert "I11" in broken()
    with transaction():
        session().execute(text("UPDATE top_ups SET org_id = :own"), {"own": buyer.org_id})
    assert not broken()
    with transaction():
        lines = [ledger.debit(Account.STRIPE_CLEARING, 9_99), ledger.credit(Account.WALLET_CASH, 9_99, buyer.org_id)]
        ledger.post("topup", key="pi:none:credit", reference=buyer.org_id, currency="USD", lines=lines, by=buyer)
    assert "I11" in broken()
