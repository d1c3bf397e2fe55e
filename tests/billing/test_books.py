"""docs/money.md on debts and on money that goes back to cards: the acts are done, and the page is compared."""

import pytest
from sqlalchemy import text

from marketplace import ledger
from marketplace.billing import calls
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.ledger import Account, credit, debit
from tests.factories.books import promised, written
from tests.factories.money import fund
from tests.factories.paying import REFUND_BOUNCES, give_back, pay_in
from tests.factories.people import make_person


@pytest.fixture
def buyer(app):
    return make_person("buyer").who


def holds():
    session().rollback()
    return all(finding.holds for finding in run_checks())


def test_a_debt_is_repaid_first(buyer):
    with transaction():
        lines = [debit(Account.BUYER_RECEIVABLE, 30_00, buyer.org_id), credit(Account.FEE_REVENUE, 30_00)]
        ledger.post("adjustment", key="adjustment:1", reference=buyer.org_id, currency="USD", lines=lines, by=buyer)
    fund(buyer, 200_00)
    assert written(["topup"])["topup"] == promised(["topup_with_debt"])["topup_with_debt"]
    fund(buyer, 20_00)
    assert written(["topup"])["topup"] == {"stripe_clearing": 20, "wallet_cash": -20}
    assert holds()


def test_goodwill_repays_a_debt_first(buyer, api):
    other, agency = make_person("buyer"), make_person("agency")
    owe = {buyer.org_id: Account.BUYER_RECEIVABLE, agency.org_id: Account.SUPPLIER_RECEIVABLE}
    with transaction():
        for n, (org_id, claim) in enumerate(owe.items()):
            lines = [debit(claim, 30_00, org_id), credit(Account.FEE_REVENUE, 30_00)]
            ledger.post("adjustment", key=f"adjustment:{n}", reference=org_id, currency="USD", lines=lines, by=buyer)
    why = {"kind": "goodwill", "amount": {"amount": 20_00, "currency": "USD"}, "reason": "We delivered it twice."}
    for org_id in [*owe, other.org_id, *owe]:
        assert api(make_person("staff")).post("/proposals", why | {"about": str(org_id)}).status == 201
    left = {org_id: ledger.balance(claim, org_id, "USD") for org_id, claim in owe.items()}
    assert left == dict.fromkeys(owe, 0)
    there = (
        ledger.balance(Account.WALLET_CASH, buyer.org_id, "USD"),
        ledger.balance(Account.SUPPLIER_PAYABLE, agency.org_id, "USD"),
    )
    assert there == (10_00, 10_00)
    assert holds()


def test_money_that_arrives_at_its_card(buyer, gateway, later):
    pay_in(gateway, buyer, 200_00)
    later(minutes=3)
    give_back(buyer, 60_00)
    later(minutes=3)
    kinds = ["refund_card_reserve", "refund_card_ok", "refund_settle"]
    assert written(kinds) == promised(kinds)
    assert holds()


def test_money_that_never_left(buyer, gateway):
    fund(buyer, 200_00)
    give_back(buyer, 60_00)
    calls.perform_by_itself(session().scalars(text("SELECT id FROM stripe_calls WHERE kind = 'refund_payment'")).one())
    kinds = ["refund_card_reserve", "refund_card_fail"]
    assert written(kinds) == promised(kinds)
    assert holds()


def test_money_that_the_bank_sends_back(buyer, gateway, later):
    pay_in(gateway, buyer, 200_00, REFUND_BOUNCES)
    later(minutes=3)
    give_back(buyer, 60_00)
    later(minutes=3)
    gateway.deliver()
    later(minutes=3)
    kinds = ["refund_card_reserve", "refund_card_ok", "refund_card_bounce"]
    assert written(kinds) == promised(kinds)
    assert holds()
