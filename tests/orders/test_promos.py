"""Promo money: spent first, back where it came from, never cash, never anybody else's, gone in time."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from marketplace import ledger
from marketplace.billing.promos import promo_for
from marketplace.events import SYSTEM
from marketplace.insights import run_checks
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import Account
from marketplace.orders.actions.settle import refund
from marketplace.orders.promos import Gift, split
from tests.factories.banks import bank_dispute
from tests.factories.books import promised, written
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, purchase, put_on_sale

FAKE = {"outcome": "upheld", "refund_percent": 100, "reasoning": "It was a program.", "early_reason": "Plain."}

LOCKED = "SELECT FROM ledger_accounts"
WAITS_FOR_US = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")


@pytest.fixture
def staff(app):
    return make_person("staff")


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [(finding.code, finding.rows) for finding in run_checks() if not finding.holds] == []


def gift(api, staff, buyer, cents):
    amount = {"amount": cents, "currency": "USD"}
    why = "Welcome: the first leads are on us."
    given_ = api(staff).post(
        "/proposals", {"kind": "promo_grant", "about": str(buyer.org_id), "amount": amount, "reason": why}
    )
    assert given_["state"] == "approved", given_.body


def on_sale(api, cents):
    (lead,) = put_on_sale(api(make_person("agency")), price={"amount": cents, "currency": "USD"})
    return lead


def test_the_wallet_tells_what_was_given(api, staff, buyer):
    gift(api, staff, buyer, 20_00)
    assert api(buyer).get("/wallet")["promo"] == 20_00


def money(buyer):
    session().rollback()
    return promo_for(buyer.who, "USD"), ledger.balance(Account.WALLET_CASH, buyer.org_id, "USD")


def decide(api, staff, buyer, order, percent):
    dispute = open_dispute(api(buyer), order)
    outcome = "upheld" if percent == 100 else "partly_upheld"
    decision = {**FAKE, "outcome": outcome, "refund_percent": percent}
    assert api(staff).post(f"/disputes/{dispute}/decisions", decision).status == 201


def test_a_gift_is_spent_before_the_wallet_and_the_rest_is_paid_by_it(api, staff, buyer):
    fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    assert written(["promo_grant"]) == promised(["promo_grant"])
    buy(api(buyer), on_sale(api, 30_00), 30_00)
    assert money(buyer) == (0, 40_00)
    assert written(["hold"])["hold"] == {"wallet_promo": 20, "wallet_cash": 10, "held": -30}


def test_a_gift_alone_buys_and_too_little_of_both_does_not(api, staff, buyer):
    gift(api, staff, buyer, 20_00)
    assert api(buyer).post("/orders", purchase(on_sale(api, 20_01), 20_01)).code == "insufficient_funds"
    assert money(buyer) == (20_00, 0)
    buy(api(buyer), on_sale(api, 20_00), 20_00)
    assert money(buyer) == (0, 0)


def test_what_goes_back_goes_back_to_where_it_came_from(api, staff, buyer):
    fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    order = buy(api(buyer), on_sale(api, 30_00), 30_00)
    decide(api, staff, buyer, order, 50)
    assert money(buyer) == (10_00, 45_00)


def test_after_its_time_a_gift_is_gone_and_what_comes_back_later_too(api, staff, buyer, later):
    fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    later(days=88)
    order = buy(api(buyer), on_sale(api, 12_00), 12_00)
    later(days=3)
    assert money(buyer) == (0, 50_00)
    assert written(["promo_expire"]) == promised(["promo_expire"])
    decide(api, staff, buyer, order, 100)
    later(minutes=10)
    assert money(buyer) == (0, 50_00)
    spent = "SELECT sum(balance) FROM ledger_accounts WHERE kind = 'wallet_promo'"
    assert session().scalar(text(spent)) == 0


def test_a_fake_found_late_gives_the_gift_back(api, staff, buyer, later):
    fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    order = buy(api(buyer), on_sale(api, 40_00), 40_00)
    later(days=8)
    amount = {"amount": 40_00, "currency": "USD"}
    wish = {"kind": "claw_back", "about": order, "amount": amount, "reason": "The person does not exist."}
    made = api(staff).post("/proposals", wish)
    assert api(make_person("staff")).post(f"/proposals/{made['id']}/approval").status == 200
    assert money(buyer) == (20_00, 50_00)


def test_no_debt_at_the_bank_is_paid_with_a_gift(api, staff, buyer):
    top_up = fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    order = buy(api(buyer), on_sale(api, 70_00), 70_00)
    bank_dispute(top_up, "lost", 50_00)
    session().rollback()
    told = api(buyer).get(f"/orders/{order}")
    assert (told["state"], told["held"]["amount"]) == ("held", 20_00)


def test_an_order_that_a_gift_has_paid_covers_nothing_at_the_bank(api, staff, buyer):
    """The older one, paid in cash, answers; the newer one goes on."""
    top_up = fund(buyer.who, 60_00)
    cash = buy(api(buyer), on_sale(api, 60_00), 60_00)
    gift(api, staff, buyer, 60_00)
    given_ = buy(api(buyer), on_sale(api, 60_00), 60_00)
    bank_dispute(top_up, "needs_response", 60_00)
    assert [api(buyer).get(f"/orders/{order}")["state"] for order in (cash, given_)] == ["frozen", "held"]
    bank_dispute(top_up, "lost", 60_00)
    assert [api(buyer).get(f"/orders/{order}")["state"] for order in (cash, given_)] == ["charged_back", "held"]
    owed = "SELECT coalesce(sum(balance), 0) FROM ledger_accounts WHERE kind = 'buyer_receivable'"
    assert session().scalar(text(owed)) == 0


def test_what_goes_back_and_a_purchase_do_not_wait_for_each_other(app, api, staff, buyer):
    """A purchase has locked the gift and comes to the wallet; what goes back to both must not have the wallet yet."""
    fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    order = buy(api(buyer), on_sale(api, 30_00), 30_00)
    dispute = open_dispute(api(buyer), order)

    def go_back():
        with app.app_context(), transaction():
            return refund(UUID(order), 100, because=f"dispute:{dispute}", by=SYSTEM, until=clock.now())

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            session().execute(text(f"{LOCKED} WHERE kind = 'wallet_promo' FOR NO KEY UPDATE"))
            going = pool.submit(go_back)
            while not session().scalar(WAITS_FOR_US):
                time.sleep(0.05)
            session().execute(
                text(f"{LOCKED} WHERE owner_id = :buyer FOR NO KEY UPDATE NOWAIT"), {"buyer": buyer.org_id}
            )
        assert going.result() == 30_00
    assert money(buyer) == (20_00, 50_00)


def test_a_gift_is_for_a_buyer(api, staff):
    agency = make_person("agency")
    amount = {"amount": 1_00, "currency": "USD"}
    wish = {"kind": "promo_grant", "about": str(agency.org_id), "amount": amount, "reason": "Welcome to the exchange."}
    assert api(staff).post("/proposals", wish).code == "unknown_owner"


def test_a_gift_that_pays_for_somebody_else_is_found(api, staff, buyer):
    gift(api, staff, buyer, 20_00)
    buy(api(buyer), on_sale(api, 20_00), 20_00)
    other = make_person("buyer")
    with transaction():
        session().execute(text("UPDATE promo_grants SET org_id = :other"), {"other": other.org_id})
    assert "I15" in {finding.code for finding in run_checks() if not finding.holds}
    with transaction():
        session().execute(text("UPDATE promo_grants SET org_id = :own"), {"own": buyer.org_id})


@given(st.lists(st.integers(1, 500), min_size=0, max_size=4), st.integers(0, 2_000), st.data())
def test_parts_add_up_and_no_gift_becomes_cash_whatever_a_bank_takes_meanwhile(cents, cash, data):
    gifts, paid, given_, to_wallet = [Gift(new_id(), each, 0) for each in cents], sum(cents) + cash, 0, 0
    while given_ < paid:
        amount = data.draw(st.integers(1, paid - given_))
        parts = split(paid, gifts, given_, amount)
        gifts = [Gift(gift.grant_id, gift.cents, gift.returned + part) for gift, part in zip(gifts, parts, strict=True)]
        given_, to_wallet = given_ + amount, to_wallet + amount - sum(parts)
        assert min([*parts, amount - sum(parts)]) >= 0
        assert all(gift.returned <= gift.cents for gift in gifts)
        assert to_wallet <= cash
        taken = data.draw(st.integers(0, cash - to_wallet))
        cash, paid = cash - taken, paid - taken
    assert [gift.left for gift in gifts] == [0] * len(gifts)
    assert to_wallet == cash


def test_what_a_bank_took_is_not_given_back_again_and_the_gift_is(api, staff, buyer):
    top_up = fund(buyer.who, 50_00)
    gift(api, staff, buyer, 20_00)
    order = buy(api(buyer), on_sale(api, 70_00), 70_00)
    bank_dispute(top_up, "lost", 50_00)
    decide(api, staff, buyer, order, 50)
    assert money(buyer) == (10_00, 0)
    told = api(buyer).get(f"/orders/{order}")
    assert (told["state"], told["held"]["amount"], told["refunded"]["amount"]) == ("partly_refunded", 10_00, 10_00)
