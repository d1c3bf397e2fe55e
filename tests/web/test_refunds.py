"""Unspent money goes back to the card, as a person asks for it."""

import uuid

import pytest

from marketplace import billing
from marketplace.kit.db import transaction
from tests.factories.money import fund, owe
from tests.factories.paying import NO_MONEY, pay_in
from tests.factories.people import make_person


@pytest.fixture
def buyer(app):
    return make_person("buyer")


def ask(reader, amount, **more):
    return reader.post("/wallet/refunds", amount=amount, currency="USD", **{"key": str(uuid.uuid4()), **more})


def test_money_is_sent_back_and_the_statement_leads_to_it(visit, buyer, gateway, run_jobs, later):
    pay_in(gateway, buyer.who, 50_00)
    reader = visit(buyer)
    later(minutes=3)
    assert "/wallet/refunds/new" in reader.get("/wallet").text
    form = reader.get("/wallet/refunds/new?currency=USD")
    assert form.value_of("amount") == "50.00"
    assert "Visa 4242" in form.words
    key = str(uuid.uuid4())
    shown = ask(reader, "20.00", key=key)
    assert ask(reader, "20.00", key=key).location == shown.location
    assert "on its way" in reader.follow(shown).words
    run_jobs()
    page = reader.get(shown.location)
    assert "$20.00 back to the card" in page.words
    assert "sent to the card" in page.words
    wallet = reader.get("/wallet")
    assert f'href="{shown.location}"' in wallet.text
    assert "−$20.00" in wallet.words
    assert "Available $30.00" in wallet.words


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("60", 402, "There is not enough money for this."),
        ("0", 422, "Give an amount from"),
        ("abc", 422, "Give an amount, like 75.00."),
    ],
)
def test_a_wish_that_cannot_be_met_says_why_and_moves_nothing(visit, buyer, typed, status, said):
    fund(buyer.who, 50_00)
    page = ask(visit(buyer), typed)
    assert (page.status, page.value_of("amount")) == (status, typed)
    assert said in page.words
    assert "Available $50.00" in visit(buyer).get("/wallet").words


def test_an_empty_wallet_has_nothing_to_send(visit, buyer):
    assert "Nothing can go back to a card now" in visit(buyer).get("/wallet/refunds/new").words


def test_who_owes_in_any_currency_is_told_before_it_asks(visit, buyer):
    fund(buyer.who, 50_00)
    owe(buyer.who, 30_00, "EUR")
    page = visit(buyer).get("/wallet/refunds/new?currency=USD").words
    assert "Nothing can go back to a card now You owe us €30.00." in page
    assert "Send back to the card" not in page


def test_strangers_and_who_may_only_look_get_nowhere(visit, buyer):
    fund(buyer.who, 50_00)
    shown = ask(visit(buyer), "20.00")
    member = visit(make_person("buyer", role="member", org_id=buyer.org_id))
    assert ask(member, "20.00").status == 403
    assert visit(make_person("buyer")).get(shown.location).status == 404


def test_a_declined_card_says_why_on_the_way_back(visit, buyer, gateway, run_jobs):
    reader = visit(buyer)
    sent = reader.post("/wallet/top-ups", amount="5000", other="", currency="USD")
    assert gateway.pay(sent.location, NO_MONEY) == 402
    gateway.deliver()
    run_jobs()

    with transaction():
        (waiting,) = billing.open_top_ups_for(buyer.who)
    page = reader.get(f"/wallet/top-ups/{waiting.id}")
    assert "There was not enough money on the card." in page.words


def test_scripts_have_the_same_power(api, buyer):
    fund(buyer.who, 50_00)
    script = api(buyer)
    wish = {"amount": {"amount": 20_00, "currency": "USD"}}
    asked = script.post("/wallet/refunds", wish, idem="one")
    assert asked.status == 201
    assert script.post("/wallet/refunds", wish, idem="one").body == asked.body
    (part,) = asked["items"]
    assert (part["state"], part["amount"]["amount"]) == ("asked", 20_00)
    assert script.get(f"/wallet/refunds/{part['id']}").body == part
    assert script.get("/wallet/refunds")["items"] == [part]
    assert script.post("/wallet/refunds", {"amount": {"amount": 31_00, "currency": "USD"}}).code == "insufficient_funds"
    assert api(make_person("buyer")).get(f"/wallet/refunds/{part['id']}").status == 404
