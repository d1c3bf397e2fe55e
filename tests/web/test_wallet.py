import pytest

from marketplace import billing
from marketplace.kit.db import transaction
from tests.factories.money import fund, owe
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer
from tests.factories.story import put_on_sale


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


def top_up(reader, other="", amount="5000"):
    return reader.post("/wallet/top-ups", amount=amount, other=other, currency="USD")


def test_a_new_wallet_says_what_to_do(reader):
    page = reader.get("/wallet")
    assert "No money has moved yet" in page.words
    assert "$0.00 of $2,000.00 loaded in 24 hours" in page.words


def test_the_statement_leads_to_each_cause(reader, buyer, api):
    fund(buyer.who, 10_000)
    (lead_id,) = put_on_sale(api(make_person("agency")))
    price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
    order = api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]
    page = reader.get("/wallet")
    for shown in ("+$100.00", "−$25.00", "$75.00", "M. S., TX 787", "Top-up by card", "1 lead in its window"):
        assert shown in page.words
    assert f'href="/orders/{order}"' in page.text
    assert 'href="/wallet/top-ups/' in page.text


def test_held_money_is_told_by_what_it_waits_for(reader, buyer, api):
    fund(buyer.who, 10_000)
    acquire(api(buyer), *offer(api(make_person("agency"))))
    page = reader.get("/wallet")
    assert "deposits of $20.00" in page.words
    assert "in its window" not in page.words


def test_held_money_is_drawn_by_the_day_of_its_settling(reader, buyer, api):
    fund(buyer.who, 10_000)
    agency = api(make_person("agency"))
    for days in (3, 5):
        (lead_id,) = put_on_sale(agency, window_days=days, price={"amount": days * 1000, "currency": "USD"})
        price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
        api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})
    page = reader.get("/wallet")
    assert "settles the most, $50.00 of the held money" in page.words
    assert page.text.count('class="col"') == page.text.count('class="col-on"') == 1


def test_a_link_fills_in_what_is_missing(reader):
    assert reader.get("/wallet?amount=4550&currency=USD").value_of("other") == "45.50"
    chosen = reader.get("/wallet?amount=25000")
    assert 'value="25000" checked' in chosen.text
    assert reader.get("/wallet?amount=nonsense&currency=XXX").status == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12", "Give an amount from $20.00 to $2,000.00."),
        ("2,500", "Give an amount from $20.00 to $2,000.00."),
        ("abc", "Give an amount, like 75.00."),
        ("20.001", "Give an amount, like 75.00."),
        ("-50", "Give an amount from $20.00 to $2,000.00."),
    ],
)
def test_a_wrong_amount_is_told_at_its_field_and_kept(reader, typed, said):
    page = top_up(reader, typed)
    assert (page.status, page.value_of("other")) == (422, typed)
    assert said in page.words


def test_a_card_pays_on_stripes_own_page_and_the_money_is_there(reader, gateway, buyer):
    sent = top_up(reader, "75.50")
    assert sent.status == 303
    assert sent.location.startswith(billing.gateway().checkout_origin)
    assert billing.gateway().checkout_origin in sent.headers["Content-Security-Policy"]
    (waiting,) = waiting_of(buyer)
    page = f"/wallet/top-ups/{waiting.id}"
    assert "Not paid yet" in reader.get(page).words
    assert "Not paid yet" in reader.get("/wallet").words
    assert gateway.pay(sent.location, "4000 0000 0000 0002") == 402
    assert "Not paid yet" in reader.get(page).words
    assert gateway.pay(sent.location) == 303
    assert "$75.50 is in your wallet" in reader.get(page).words
    assert "$75.50 is in your wallet" in reader.get(page).words
    assert "Available $75.50" in reader.get("/wallet").words


def test_a_second_click_leads_to_the_same_page(reader, gateway, buyer, clock):
    first = top_up(reader, amount="10000")
    assert top_up(reader, amount="10000").location == first.location
    assert top_up(reader, amount="5000").location != first.location
    clock.advance(minutes=11)
    assert top_up(reader, amount="10000").location != first.location


def test_a_page_that_closed_says_so(reader, gateway, buyer, later):
    top_up(reader)
    (waiting,) = waiting_of(buyer)
    later(minutes=70)
    assert "This payment page has closed" in reader.get(f"/wallet/top-ups/{waiting.id}").words


def test_when_stripe_is_away_nothing_is_charged_and_it_is_said(reader, buyer):
    page = top_up(reader)  # without the gateway's fixture nobody answers
    assert page.status == 503
    assert "Nothing was charged" in page.words


def test_the_daily_cap_is_told(reader, buyer):
    fund(buyer.who, 199_000)
    page = top_up(reader)
    assert page.status == 422
    assert "A wallet takes 2,000.00 in 24 hours" in page.words


def test_who_may_only_look_sees_no_form(buyer, visit):
    member = visit(make_person("buyer", role="member", org_id=buyer.org_id))
    assert "Go on to the card" not in member.get("/wallet").words
    assert top_up(member).status == 403
    assert visit(make_person("agency")).get("/wallet").status == 403


def test_a_strangers_top_up_does_not_exist(buyer, visit):
    top_up_id = fund(buyer.who, 5_000)
    assert visit(make_person("buyer")).get(f"/wallet/top-ups/{top_up_id}").status == 404


def waiting_of(buyer):
    with transaction():
        return billing.open_top_ups_for(buyer.who)


def test_what_is_owed_stands_there_until_it_is_repaid(reader, buyer):
    assert "You owe" not in reader.get("/wallet").words
    owe(buyer.who, 30_00)
    assert "You owe $30.00" in reader.get("/wallet").words
    shown = reader.get("/wallet")
    assert ("Adjustment" in shown.words, "Owed after" in shown.words) == (True, True), "what for, it asks first"
    assert 'class="num strong">+$30.00' in shown.text, "more debt is not good"
    assert "$30.00 of it repays what you owe." in shown.words
    assert "No money has moved yet" in reader.get("/wallet?part=available").words
    first, second = fund(buyer.who, 20_00), fund(buyer.who, 30_00)
    shown = reader.get("/wallet").words
    assert ("You owe" in shown, "Available $20.00" in shown) == (False, True)
    assert "You have repaid $20.00" in reader.get(f"/wallet/top-ups/{first}").words
    partly = reader.get(f"/wallet/top-ups/{second}").words
    assert "$20.00 is in your wallet $10.00 of this payment paid what you owed. Available now: $20.00." in partly


def test_who_still_owes_after_a_top_up_is_not_sent_to_the_catalogue(reader, buyer):
    owe(buyer.who, 30_00)
    page = reader.get(f"/wallet/top-ups/{fund(buyer.who, 20_00)}").words
    assert "You have repaid $20.00 You still owe us $10.00: until that is repaid you cannot buy." in page
    assert "Open the catalogue" not in page
