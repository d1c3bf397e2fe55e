"""A wallet that fills itself, over HTTP: a card is saved, a purchase lowers the wallet, the card pays."""

from collections import Counter

import pytest

from marketplace.billing.jobs import recharge_low
from marketplace.insights import run_checks
from marketplace.kit.ids import new_id
from marketplace.stripe_emulator.world import world_of
from tests.factories.cards import ASKS_ALWAYS, DECLINED_LATER, MASTERCARD, enter
from tests.factories.money import fund
from tests.factories.paying import VISA, news_at_stripe
from tests.factories.people import make_person
from tests.factories.sales import acquire, flat, offer, report
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def person(app):
    return make_person("buyer")


@pytest.fixture
def buyer(person, api):
    return api(person)


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def settle(gateway, clock, run_jobs):
    """Stripe's news arrives, each piece twice, and everything follows from it."""

    def arrive():
        run_jobs()
        clock.advance(seconds=5)
        gateway.deliver()
        run_jobs()

    return arrive


@pytest.fixture
def tick(clock, run_jobs):
    """Let time pass, and have the clock look at wallets: `tick(hours=1)`."""

    def pass_by(**by):
        clock.advance(**by)
        recharge_low.func()
        run_jobs()

    return pass_by


def usd(cents):
    return {"amount": cents, "currency": "USD"}


def save(buyer, gateway, settle, card=VISA):
    """A card saved on the page, and told of by webhook alone; its id."""
    before = {each["id"] for each in buyer.get("/wallet/cards")["items"]}
    wish = buyer.post("/wallet/cards")
    assert (wish.status, wish["state"]) == (201, "created")
    enter(gateway, wish["setup_url"], card)
    settle()
    (new,) = {each["id"] for each in buyer.get("/wallet/cards")["items"]} - before
    return new


def fill(buyer, card_id, *, on=True, below=50_00, amount=100_00):
    wish = {"on": on, "below": usd(below), "amount": usd(amount), "card_id": card_id}
    return buyer.put("/wallet/auto-recharge", wish)


def available(buyer):
    return buyer.get("/wallet")["available"]


def topped_up(buyer):
    return [line["amount"] for line in buyer.get("/wallet/entries")["items"] if line["kind"] == "topup"]


def tried(gateway):
    """How many charges Stripe has declined, and how many succeeded."""
    kinds = Counter(kind for _id, kind, _about in news_at_stripe(gateway))
    return kinds["payment_intent.payment_failed"], kinds["payment_intent.succeeded"]


def broken():
    return [finding.code for finding in run_checks() if not finding.holds]


def test_a_purchase_lowers_the_wallet_and_the_saved_card_fills_it_once(person, buyer, agency, gateway, settle, tick):
    fund(person.who, 70_00)
    card = save(buyer, gateway, settle)
    (shown,) = buyer.get("/wallet/cards")["items"]
    assert (shown["brand"], shown["last4"], shown["is_default"]) == ("visa", "4242", True)
    assert fill(buyer, card)["on"] is True
    settle()
    assert available(buyer) == 70_00
    buy(buyer, *put_on_sale(agency))
    settle()
    assert available(buyer) == 145_00
    for event_id, _kind, _about in news_at_stripe(gateway):
        gateway.sender.resend(event_id)
    settle()
    tick(minutes=5)
    assert topped_up(buyer) == [100_00, 70_00]
    assert tried(gateway) == (0, 1)
    assert broken() == []


def test_a_declined_card_is_tried_again_later_and_later_until_it_pauses(buyer, gateway, settle, tick):
    bad = save(buyer, gateway, settle, DECLINED_LATER)
    fill(buyer, bad)
    settle()
    assert tried(gateway) == (1, 0)
    for wait, before in ((1, 1), (2, 2), (4, 3)):
        tick(minutes=wait * 60 - 2)
        assert tried(gateway) == (before, 0)
        shown = buyer.get("/wallet/auto-recharge")
        assert (shown["waits_for"], shown["pause"]) == ("backing_off", None)
        tick(minutes=3)
        settle()
        assert tried(gateway) == (before + 1, 0)
    assert buyer.get("/wallet/auto-recharge")["pause"] == "declined"
    for on in (False, True):
        assert fill(buyer, bad, on=on)["pause"] == "declined"
    tick(days=2)
    assert tried(gateway) == (4, 0)
    good = save(buyer, gateway, settle, MASTERCARD)
    assert fill(buyer, good)["pause"] is None
    settle()
    assert (tried(gateway), available(buyer)) == ((4, 1), 100_00)


def test_a_demand_for_the_owner_pauses_at_once_and_a_payment_by_hand_ends_that(buyer, gateway, settle, tick):
    fill(buyer, save(buyer, gateway, settle, ASKS_ALWAYS))
    settle()
    assert tried(gateway) == (1, 0)
    assert buyer.get("/wallet/auto-recharge")["pause"] == "authentication"
    with world_of(gateway.app).store.transaction() as rows:
        assert [each["status"] for each in rows.newest_first("payment_intent")] == ["canceled"]
    tick(days=1)
    assert tried(gateway) == (1, 0)
    by_hand = buyer.post("/wallet/top-ups", {"amount": usd(60_00)})
    assert gateway.pay(by_hand["checkout_url"]) == 303
    settle()
    shown = buyer.get("/wallet/auto-recharge")
    assert (available(buyer), shown["pause"], shown["waits_for"]) == (60_00, None, None)


def test_the_card_pays_twice_in_a_day_and_not_a_third_time(person, buyer, agency, gateway, settle, tick):
    fund(person.who, 60_00)
    fill(buyer, save(buyer, gateway, settle), amount=20_00)
    for lead in put_on_sale(agency, count=3):
        buy(buyer, lead)
        settle()
    assert (available(buyer), tried(gateway)) == (25_00, (0, 2))
    tick(hours=5)
    assert (tried(gateway), buyer.get("/wallet/auto-recharge")["waits_for"]) == ((0, 2), "twice_today")
    tick(hours=20)
    settle()
    assert available(buyer) == 45_00


def test_the_daily_cap_of_a_wallet_holds_for_the_card_too(person, buyer, agency, gateway, settle):
    fund(person.who, 1_950_00)
    fill(buyer, save(buyer, gateway, settle), below=1_940_00)
    buy(buyer, *put_on_sale(agency))
    settle()
    assert tried(gateway) == (0, 0)
    assert buyer.get("/wallet/auto-recharge")["waits_for"] == "daily_cap"


def test_a_commission_that_is_due_is_paid_by_the_card_before_buying_stops(
    person, agency, buyer, gateway, settle, later
):
    fund(person.who, 25_00)
    order = acquire(buyer, *offer(agency, flat()))
    sale = report(buyer, order, 500_00)["id"]
    assert agency.post(f"/sales/{sale}/answers", {"accept": True}).status == 201
    assert buyer.get(f"/sales/{sale}")["stops_buying_at"]
    fill(buyer, save(buyer, gateway, settle), below=10_00)
    settle()
    later(minutes=1)
    shown = buyer.get(f"/sales/{sale}")
    assert (shown["state"], shown["stops_buying_at"], available(buyer)) == ("held", None, 25_00)
    assert broken() == []


def test_a_buyer_whom_nobody_has_checked_is_not_charged(api, gateway, settle):
    person = make_person("buyer", is_verified=False)
    card = save(api(person), gateway, settle)
    refused = fill(api(person), card)
    assert (refused.status, refused.code) == (403, "not_verified")


def test_cards_of_others_do_not_exist(buyer, api, gateway, settle):
    other, card = api(make_person("buyer")), save(buyer, gateway, settle)
    assert other.get("/wallet/cards")["items"] == []
    assert other.delete(f"/wallet/cards/{card}").status == 404
    assert other.post(f"/wallet/cards/{card}/default").status == 404
    assert fill(other, card).body["error"]["fields"] == {"card_id": "Choose one of your saved cards."}
    assert api(make_person("agency")).get("/wallet/cards").status == 403
    assert len(buyer.get("/wallet/cards")["items"]) == 1


def test_one_wish_opens_one_page(buyer, gateway):
    first, again = (buyer.post("/wallet/cards", idem="save") for _ in range(2))
    assert first.body == again.body
    assert buyer.post("/wallet/cards")["setup_url"] != first["setup_url"]


def test_a_removed_card_is_forgotten_at_stripe_and_never_charged(buyer, gateway, settle, tick):
    usual, spare = save(buyer, gateway, settle), save(buyer, gateway, settle, MASTERCARD)
    fill(buyer, usual)
    settle()
    assert [buyer.delete(f"/wallet/cards/{usual}").status for _ in range(2)] == [204, 204]
    settle()
    (left,) = buyer.get("/wallet/cards")["items"]
    assert (left["id"], left["is_default"]) == (spare, True)
    assert [kind for _id, kind, _about in news_at_stripe(gateway)].count("payment_method.detached") == 1
    assert buyer.get("/wallet/auto-recharge")["pause"] == "card_removed"
    assert fill(buyer, usual).status == 422
    assert fill(buyer, spare)["pause"] is None
    assert buyer.post(f"/wallet/cards/{usual}/default").status == 422


def test_money_that_is_sent_back_does_not_come_back_from_the_card(buyer, gateway, settle, tick):
    fill(buyer, save(buyer, gateway, settle))
    settle()
    assert available(buyer) == 100_00
    assert buyer.post("/wallet/refunds", {"amount": usd(100_00)}).status == 201
    settle()
    tick(hours=1)
    assert (available(buyer), buyer.get("/wallet/auto-recharge")["on"]) == (0, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": {"amount": 19_99, "currency": "USD"}}, "amount"),
        ({"amount": {"amount": 2_000_01, "currency": "USD"}}, "amount"),
        ({"amount": {"amount": 20_00, "currency": "JPY"}}, "amount"),
        ({"below": {"amount": 0, "currency": "USD"}}, "below"),
        ({"below": {"amount": 20_00, "currency": "EUR"}}, "below"),
        ({"card_id": "x"}, "card_id"),
        ({"on": "maybe"}, "on"),
    ],
)
def test_settings_that_cannot_be_are_told_at_their_field(buyer, wrong, field):
    wish = {"on": True, "below": usd(20_00), "amount": usd(20_00), "card_id": str(new_id()), **wrong}
    refused = buyer.put("/wallet/auto-recharge", wish)
    assert (refused.status, list(refused.body["error"]["fields"])) == (422, [field])
