"""The page of saved cards and of the wallet that fills itself."""

import re

import pytest

from marketplace import billing
from marketplace.billing import calls, cards
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from tests.factories.cards import ASKS_ALWAYS, DECLINED_LATER, enter, fill_from, keep_card, save_card
from tests.factories.money import fund
from tests.factories.people import make_person


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


def fill(reader, card_id, **more):
    form = {"on": "1", "below": "50", "amount": "100", "currency": "USD", "card_id": card_id, **more}
    return reader.post("/wallet/cards/auto-top-up", **form)


def test_without_a_card_the_page_says_what_one_is_good_for(reader):
    assert "Save a card, and your wallet can fill itself" in reader.get("/wallet").words
    assert "No card is saved" in reader.get("/wallet/cards").words


def test_a_card_is_saved_on_stripes_page_and_a_second_click_leads_to_the_same(reader, gateway):
    sent = reader.post("/wallet/cards")
    assert sent.location.startswith(billing.gateway().checkout_origin)
    assert billing.gateway().checkout_origin in sent.headers["Content-Security-Policy"]
    assert reader.post("/wallet/cards").location == sent.location
    back = "/wallet/cards/pages/" + back_of(gateway, sent.location)
    assert "No card is saved yet" in reader.follow(reader.get(back)).words
    enter(gateway, sent.location)
    page = reader.follow(reader.get(back)).words
    assert "The card is saved." in page
    assert "Visa ending 4242" in page
    assert "usual Valid to 12/2034" in page
    assert "Visa 4242 12/2034" in reader.get("/wallet").words


def back_of(gateway, page_url):
    return str(calls.gateway().cards.page(page_url.rsplit("/", 1)[1]).setup_id)


def test_when_stripe_is_away_nothing_is_saved_and_it_is_said(reader):
    page = reader.follow(reader.post("/wallet/cards"))  # without the gateway's fixture nobody answers
    assert "The payment service is not responding" in page.words


def test_auto_top_up_is_set_and_stands_on_the_wallet(reader, buyer):
    fund(buyer.who, 80_00)
    card = keep_card(buyer.who).card_id
    assert "Auto top-up is on." in reader.follow(fill(reader, card)).words
    wallet = reader.get("/wallet").words
    assert "Auto top-up on Adds $100.00 when less than $50.00 is available, at most twice a day." in wallet
    assert "fills the wallet" in wallet
    assert "Auto top-up is turned off with it." in reader.get("/wallet/refunds/new").words
    assert "Auto top-up is off." in reader.follow(fill(reader, card, on="")).words
    assert "Auto top-up off Your wallet can fill itself" in reader.get("/wallet").words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "12"}, "Give an amount from $20.00 to $2,000.00."),
        ({"below": "soon"}, "Give an amount, like 75.00."),
        ({"card_id": "018f0000-0000-7000-8000-000000000000"}, "Choose one of your saved cards."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_kept(reader, buyer, wrong, said):
    page = fill(reader, **{"card_id": keep_card(buyer.who).card_id, "below": "61", **wrong})
    assert page.status == 422
    assert said in page.words
    assert page.value_of("below") == wrong.get("below", "61")


def test_a_buyer_whom_nobody_has_checked_is_told_so(visit):
    person = make_person("buyer", is_verified=False)
    page = fill(visit(person), keep_card(person.who).card_id)
    assert page.status == 403
    assert "This becomes available when we have checked your organisation." in page.words


def test_a_pause_says_why_and_what_to_do(reader, buyer, gateway):
    recharge = fill_from(buyer.who, save_card(gateway, buyer.who, ASKS_ALWAYS))
    with transaction():
        claimed = cards.charge_if_low(recharge).id
    assert "Your card is being charged" in reader.get(f"/wallet/top-ups/{claimed}").words
    assert "Auto top-up waits. The card is being charged." in reader.get("/wallet/cards").words
    calls.perform_by_itself(call_of("charge_card", claimed))
    page = reader.get("/wallet/cards")
    assert (
        "Auto top-up is paused. The bank wants the card’s owner to confirm the payment. "
        "Choose another card, or pay by hand, to resume it. Pay by hand"
    ) in page.words
    assert "not paid" in page.words
    by_hand = re.search(r'href="(/wallet\?[^"]*amount=10000[^"]*)"', page.text)[1].replace("&amp;", "&")
    assert 'value="10000" checked' in reader.get(by_hand).text
    assert "Auto top-up is paused." in reader.get("/wallet").words
    assert "The card did not pay" in reader.get(f"/wallet/top-ups/{claimed}").words


def test_a_decline_says_when_it_is_tried_again(reader, buyer, gateway):
    recharge = fill_from(buyer.who, save_card(gateway, buyer.who, DECLINED_LATER))
    with transaction():
        claimed = cards.charge_if_low(recharge).id
    calls.perform_by_itself(call_of("charge_card", claimed))
    page = reader.get("/wallet/cards").words
    assert "Auto top-up waits. The bank declined the card. We try again. Next try:" in page
    assert "Auto top-up waits" in reader.get("/wallet").words


def test_the_usual_card_is_another_one_and_a_removed_one_is_gone(reader, buyer):
    first, second = (keep_card(buyer.who, last4).card_id for last4 in ("1111", "2222"))
    fill_from(buyer.who, second, is_on=True)
    reader.post(f"/wallet/cards/{second}/default")
    page = reader.get("/wallet/cards")
    assert page.text.index("ending 2222") < page.text.index("ending 1111")
    assert "Auto top-up stops until you choose another card." in page.words
    for _ in range(2):
        assert "The card is removed." in reader.follow(reader.post(f"/wallet/cards/{second}/removal")).words
    page = reader.get("/wallet/cards").words
    assert "ending 2222" not in page
    assert "Auto top-up is paused. The card was removed. Choose another card to resume it." in page
    reader.follow(fill(reader, first))
    assert "paused" not in reader.get("/wallet/cards").words


def test_the_statement_tells_what_came_by_itself(reader, buyer, gateway):
    recharge = fill_from(buyer.who, save_card(gateway, buyer.who))
    with transaction():
        claimed = cards.charge_if_low(recharge).id
    calls.perform_by_itself(call_of("charge_card", claimed))
    assert "Auto top-up Visa 4242" in reader.get("/wallet").words
    assert "By auto top-up" in reader.get(f"/wallet/top-ups/{claimed}").words


def test_somebody_who_only_looks_sees_no_buttons(visit, buyer):
    keep_card(buyer.who)
    page = visit(make_person("buyer", org_id=buyer.org_id, role="member")).get("/wallet/cards")
    assert "Visa ending 4242" in page.words
    assert "sets this" in page.words
    assert "/removal" not in page.text
    assert 'action="/wallet/cards' not in page.text
