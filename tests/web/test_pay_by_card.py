"""A lead is paid by card: by page and by API, with every way in which it can end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace import billing
from marketplace.billing import calls
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders import OrderState, intents, jobs, orders_for
from marketplace.orders.intents import Wish
from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.world import world_of
from tests.factories.leads import make_lead, shared
from tests.factories.money import fund, owe
from tests.factories.paying import DECLINED, top_up_of
from tests.factories.people import make_person
from tests.factories.sales import offer
from tests.factories.story import buy, open_listing, put_on_sale

WAITS_FOR_US = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
EMPTY_OUTBOX = text("DELETE FROM events_pending")
ASKS_ITS_OWNER = "4000 0000 0000 3220"


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


@pytest.fixture
def script(api, buyer):
    return api(buyer)


def by_card(reader, lead_id):
    """Press the button of the lead's page."""
    page = reader.get(f"/catalog/{lead_id}")
    quote = {name: page.value_of(name) for name in ("price", "currency", "top_up")}
    return reader.post(f"/catalog/{lead_id}/card", **quote)


def wished(script, lead_id, cents=2_500, amount=2_500, **more):
    purchase = {"lead_id": lead_id, "quoted_price": {"amount": cents, "currency": "USD"}}
    return script.post(
        "/wallet/top-ups", {"amount": {"amount": amount, "currency": "USD"}, "purchase": purchase}, **more
    )


def orders_of(person):
    with transaction():
        return [line.order for line in orders_for(person.who, Ask()).items]


def page_of(person):
    """The address that the newest payer comes back to."""
    with transaction():
        return f"/wallet/top-ups/{billing.open_top_ups_for(person.who)[0].id}"


def sound():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds} == {}


def test_a_card_pays_a_lead_and_its_contact_opens(reader, agency, buyer, gateway):
    (lead_id,) = put_on_sale(agency)
    page = reader.get(f"/catalog/{lead_id}")
    assert "Pay by card $25.00" in page.words
    assert "not reserved until then" in page.words
    sent = by_card(reader, lead_id)
    assert sent.location.startswith(billing.gateway().checkout_origin)
    assert by_card(reader, lead_id).location == sent.location
    back = page_of(buyer)
    assert "As soon as it is paid the lead is bought for $25.00" in reader.get(back).words
    assert gateway.pay(sent.location) == 303
    done = reader.get(back)
    assert "The lead is yours" in done.words
    (order,) = orders_of(buyer)
    assert f'href="/orders/{order.id}"' in done.text
    assert "Maria Sandoval" in reader.get(f"/orders/{order.id}").words
    assert (order.placed_by, sound()) == (buyer.who.user_id, True)


def test_a_card_pays_what_is_missing_and_at_least_the_least(reader, agency, buyer, gateway):
    fund(buyer.who, 2_000)
    (lead_id,) = put_on_sale(agency)
    words = reader.get(f"/catalog/{lead_id}").words
    assert "$5.00 are missing: there is $20.00 in your wallet" in words
    assert "Pay by card $20.00" in words
    assert "$15.00 of it stays in your wallet: the smallest card payment is $20.00" in words
    gateway.pay(by_card(reader, lead_id).location)
    assert "Bought for $25.00. $15.00 stay in your wallet" in reader.get(page_of(buyer)).words


def test_more_than_a_wallet_takes_in_a_day_is_said_before_the_click_and_after_it(reader, agency, buyer):
    (lead_id,) = put_on_sale(agency, price={"amount": 210_000, "currency": "USD"})
    page = reader.get(f"/catalog/{lead_id}")
    assert "Pay by card" not in page.words
    assert "A wallet takes $2,000.00 in 24 hours: top up on more than one day." in page.words
    assert "/wallet?amount=200000&amp;currency=USD" in page.text
    refused = reader.post(f"/catalog/{lead_id}/card", price=210_000, currency="USD", top_up=210_000)
    assert (refused.status, "A wallet takes 2,000.00 in 24 hours" in refused.words) == (422, True)
    fund(buyer.who, 2_000)
    assert "Pay by card" not in reader.get(f"/catalog/{lead_id}").words
    fund(buyer.who, 8_000)
    assert "Pay by card $2,000.00" in reader.get(f"/catalog/{lead_id}").words


def test_a_refused_purchase_offers_the_card(reader, agency):
    (lead_id,) = put_on_sale(agency)
    refused = reader.post(f"/catalog/{lead_id}/purchase", price=2500, currency="USD", key="0" * 32)
    assert refused.status == 402
    assert "Pay by card $25.00" in refused.words


def test_by_api_the_top_up_tells_what_was_bought(script, agency, gateway, run_jobs):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id, idem="wish")
    assert (asked.status, asked["purchase"]["state"], asked["purchase"]["order_id"]) == (201, "waiting", None)
    assert wished(script, lead_id, idem="wish").body == asked.body
    assert wished(script, lead_id)["id"] == asked["id"]
    gateway.pay(asked["checkout_url"])
    gateway.deliver()
    run_jobs()
    found = script.get(f"/wallet/top-ups/{asked['id']}")
    assert (found["state"], found["purchase"]["state"]) == ("succeeded", "bought")
    assert script.get(f"/orders/{found['purchase']['order_id']}")["contact"]["first_name"] == "Maria"
    assert script.get("/wallet")["available"] == 0


def test_a_plain_top_up_is_for_nothing(script, gateway):
    asked = script.post("/wallet/top-ups", {"amount": {"amount": 5_000, "currency": "USD"}})
    assert asked["purchase"] is None
    assert script.get(f"/wallet/top-ups/{asked['id']}")["purchase"] is None


def test_a_plain_wish_for_the_same_amount_is_another_payment(reader, agency, gateway):
    (lead_id,) = put_on_sale(agency)
    for_lead = by_card(reader, lead_id)
    plain = reader.post("/wallet/top-ups", amount="", other="25.00", currency="USD")
    assert plain.location != for_lead.location
    assert "for a lead" in reader.get("/wallet").words


def test_a_lead_sold_meanwhile_leaves_the_money_and_sends_it_back_with_one_click(
    reader, agency, buyer, gateway, api, run_jobs, mail
):
    (lead_id,) = put_on_sale(agency)
    sent = by_card(reader, lead_id)
    faster = make_person("buyer")
    fund(faster.who, 5_000)
    buy(api(faster), lead_id)
    gateway.pay(sent.location)
    back = page_of(buyer)
    gone = reader.get(back)
    assert "The lead was gone" in gone.words
    assert "Available now: $25.00" in gone.words
    assert "/catalog?vertical=education&amp;country=US" in gone.text
    asked = {name: gone.value_of(name) for name in ("top_up", "amount", "currency", "key")}
    refund = reader.post("/wallet/refunds", **asked)
    assert reader.post("/wallet/refunds", **asked).location == refund.location
    assert "$25.00 back to the card" in reader.follow(refund).words
    assert "on its way back to your card" in reader.get(back).words
    run_jobs()
    (letter,) = [each for each in mail.letters if "the lead was not bought" in each.subject]
    assert (letter.to, back in letter.text) == (buyer.email, True)
    assert "Somebody else was faster: this lead is sold. $25.00 went into your wallet" in letter.text
    assert (orders_of(buyer), sound()) == ([], True)


def test_money_that_paid_a_debt_or_was_spent_is_not_said_to_be_there(
    reader, agency, buyer, gateway, api, run_jobs, mail
):
    lead_id, other = (put_on_sale(agency)[0] for _ in range(2))
    owe(buyer.who, 3_000)
    sent = by_card(reader, lead_id)
    faster = make_person("buyer")
    fund(faster.who, 5_000)
    buy(api(faster), lead_id)
    gateway.pay(sent.location)
    back = page_of(buyer)
    assert "$30.00 of this payment paid what you owed. Available now: $25.00." in reader.get(back).words
    run_jobs()
    (letter,) = [each for each in mail.letters if "the lead was not bought" in each.subject]
    assert "$30.00 of it paid what you owed" in letter.text
    assert "$25.00 went into your wallet" in letter.text
    buy(api(buyer), other)
    spent = reader.get(back).words
    assert "Available now: $0.00." in spent
    assert "back to the card" not in spent


def test_no_card_is_asked_for_a_purchase_that_a_debt_in_another_currency_would_refuse(reader, script, agency, buyer):
    (lead_id,) = put_on_sale(agency)
    owe(buyer.who, 3_000, "EUR")
    refused = wished(script, lead_id)
    assert (refused.status, refused.code, billing_rows()) == (402, "debt_due", 0)
    assert "bank" not in refused.body["error"]["message"]
    page = reader.get(f"/catalog/{lead_id}").words
    assert ("Pay by card" in page, "Buy for" in page, "You owe us €30.00." in page) == (False, False, True)
    basket = reader.post("/catalog/purchases", lead=lead_id, currency="USD", key="0" * 32, max_total="").words
    assert ("Buy 1 for" in basket, "You owe us €30.00." in basket) == (False, True)
    wallet = reader.get("/wallet").words
    assert ("You owe €30.00" in wallet, "Whatever comes in repays this first." in wallet) == (True, True)


def test_who_owes_is_told_so_and_is_offered_no_purchase_though_the_wallet_covers_the_price(reader, agency, buyer):
    (lead_id,) = put_on_sale(agency)
    fund(buyer.who, 10_000)
    owe(buyer.who, 3_000)
    page = reader.get(f"/catalog/{lead_id}").words
    assert ("Buy for" in page, "stay in your wallet" in page) == (False, False)
    assert "You owe us $30.00. A top-up repays that first; until then you cannot buy." in page
    assert ("Pay by card $30.00" in page, "of it stays in your wallet" in page) == (True, False)
    basket = reader.post("/catalog/purchases", lead=lead_id, currency="USD", key="0" * 32, max_total="").words
    assert ("Buy 1 for" in basket, "You owe us $30.00." in basket, "Top up $30.00" in basket) == (False, True, True)


def test_a_price_raised_meanwhile_buys_nothing(reader, agency, buyer, gateway, script):
    listing = open_listing(agency)
    lead_id = agency.post(f"/listings/{listing}/leads", make_lead())["items"][0]["id"]
    sent = by_card(reader, lead_id)
    agency.patch(f"/listings/{listing}", {"price": {"amount": 3_100, "currency": "USD"}})
    gateway.pay(sent.location)
    back = page_of(buyer)
    words = reader.get(back).words
    assert "The price has changed in the meantime" in words
    assert "Look at the new price" in words
    told = script.get(f"/wallet/top-ups/{back.rsplit('/', 1)[1]}")["purchase"]
    assert (told["state"], told["refused"]["code"], told["order_id"]) == ("refused", "price_changed", None)
    assert orders_of(buyer) == []


def test_what_was_bought_from_the_wallet_meanwhile_is_not_bought_twice(reader, agency, buyer, gateway):
    (lead_id,) = put_on_sale(agency, **shared())
    sent = by_card(reader, lead_id)
    back = page_of(buyer)
    fund(buyer.who, 5_000)
    page = reader.get(f"/catalog/{lead_id}")
    reader.post(f"/catalog/{lead_id}/purchase", **{n: page.value_of(n) for n in ("price", "currency", "key")})
    gateway.pay(sent.location)
    done = reader.get(back)
    assert "You had already bought this lead" in done.words
    (order,) = orders_of(buyer)
    assert f'href="/orders/{order.id}"' in done.text
    again = reader.post(f"/catalog/{lead_id}/card", price=2500, currency="USD", top_up=2500)
    assert reader.follow(again).location == f"/orders/{order.id}"


def test_news_twice_and_the_payer_back_at_once_make_one_order(script, agency, buyer, gateway, live, run_jobs, app):
    (lead_id,) = put_on_sale(agency, **shared())
    asked = wished(script, lead_id)
    gateway.pay(asked["checkout_url"])

    def settle():
        with app.app_context():
            calls.look_up_checkout(buyer.who, intent_id)
            with transaction():
                intents.settle(intent_id)

    intent_id = top_up_of(asked["id"]).id
    racers = [threading.Thread(target=settle) for _ in range(4)]
    for racer in racers:
        racer.start()
    gateway.deliver()
    gateway.deliver()
    for racer in racers:
        racer.join()
    run_jobs()
    run_jobs()
    assert [order.state for order in orders_of(buyer)] == [OrderState.HELD]
    assert (script.get("/wallet")["available"], sound()) == (0, True)


def test_a_further_wish_waits_for_a_purchase_without_holding_what_that_still_needs(agency, app):
    newcomer = make_person("buyer", is_verified=False)
    (lead_id,) = put_on_sale(agency)
    wish, amount = Wish(UUID(lead_id), Money(2_500, "USD")), Money(2_500, "USD")
    with transaction():
        earlier = intents.ask(newcomer.who, wish, amount)

    def ask_again():
        with app.app_context(), transaction():
            return intents.ask(newcomer.who, wish, Money(6_000, "USD"))

    with ThreadPoolExecutor(1) as pool:
        with transaction():  # as `settle` does: the wish, the lead, and for who is not verified the organisation
            session().execute(text("SELECT FROM purchase_intents WHERE top_up_id = :id FOR UPDATE"), {"id": earlier})
            asked = pool.submit(ask_again)
            while not session().scalar(WAITS_FOR_US):
                assert not asked.done()
            whose = {"id": newcomer.org_id}
            session().execute(text("SELECT FROM organisations WHERE id = :id FOR NO KEY UPDATE NOWAIT"), whose)
        assert asked.result() != earlier


def test_a_crash_between_the_money_and_the_purchase_is_made_good(script, agency, buyer, gateway, later):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    gateway.pay(asked["checkout_url"])
    calls.look_up_checkout(buyer.who, top_up_of(asked["id"]).id)  # the credit, and then nothing more
    with transaction():
        session().execute(EMPTY_OUTBOX)
    assert (script.get("/wallet")["available"], orders_of(buyer)) == (2_500, [])
    later(minutes=1)
    assert script.get(f"/wallet/top-ups/{asked['id']}")["purchase"]["state"] == "bought"
    assert len(orders_of(buyer)) == 1


def test_a_wish_that_breaks_its_purchase_stops_no_other_and_is_not_hushed_up(script, agency, buyer, gateway, api):
    broken, sane = (put_on_sale(agency, **shared())[0] for _ in range(2))
    other = make_person("buyer")
    fund(other.who, 5_000)
    buy(api(other), broken)
    for lead_id in (broken, sane):
        asked = wished(script, lead_id)
        gateway.pay(asked["checkout_url"])
        calls.look_up_checkout(buyer.who, top_up_of(asked["id"]).id)
    with transaction():  # the first slot is taken, and free: the books would not hold a second order of it
        session().execute(text("UPDATE leads SET slots_taken = 0 WHERE id = :id"), {"id": broken})
    with pytest.raises(IntegrityError):
        jobs.settle_intents()
    assert [str(order.lead_id) for order in orders_of(buyer)] == [sane]


def test_a_worker_that_dies_in_the_middle_of_the_purchase_has_bought_nothing(
    script, agency, buyer, gateway, monkeypatch, later
):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    gateway.pay(asked["checkout_url"])
    intent_id = top_up_of(asked["id"]).id
    calls.look_up_checkout(buyer.who, intent_id)
    assert die_after_settling(intent_id) == "bought"
    assert orders_of(buyer) == []
    later(minutes=1)
    assert (len(orders_of(buyer)), sound()) == (1, True)


def test_a_declined_card_leaves_nothing_and_the_page_that_closes_ends_the_wish(
    reader, script, agency, buyer, gateway, later
):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    assert gateway.pay(asked["checkout_url"], DECLINED) == 402
    assert "Not paid yet" in reader.get(f"/wallet/top-ups/{asked['id']}").words
    later(minutes=70)
    page = reader.get(f"/wallet/top-ups/{asked['id']}")
    assert "This payment page has closed" in page.words
    assert f'href="/catalog/{lead_id}"' in page.text
    assert script.get(f"/wallet/top-ups/{asked['id']}")["purchase"]["state"] == "lapsed"
    assert (orders_of(buyer), script.get("/wallet")["available"]) == ([], 0)
    assert wished(script, lead_id)["id"] != asked["id"]


def test_a_bank_that_asks_its_owner_first_is_waited_for(script, reader, agency, buyer, gateway):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    back = f"/wallet/top-ups/{asked['id']}"
    assert gateway.pay(asked["checkout_url"], ASKS_ITS_OWNER) == 303
    assert "Your bank asks you to confirm" in reader.get(back).words
    assert script.get(back)["purchase"]["state"] == "waiting"
    answer = {"answer": "approve"}
    assert httpx.post(f"{asked['checkout_url']}/bank", data=answer, trust_env=False, verify=False).status_code == 303
    assert "The lead is yours" in reader.get(back).words
    assert len(orders_of(buyer)) == 1


def test_another_wish_for_the_lead_takes_the_place_of_the_first(script, reader, agency, buyer, gateway, run_jobs):
    (lead_id,) = put_on_sale(agency)
    first = wished(script, lead_id)
    second = wished(script, lead_id, amount=6_000)
    assert first["id"] != second["id"]
    assert script.get(f"/wallet/top-ups/{first['id']}")["purchase"]["state"] == "lapsed"
    assert gateway.pay(first["checkout_url"]) >= 400
    assert gateway.pay(second["checkout_url"]) == 303
    gateway.deliver()
    run_jobs()
    assert script.get(f"/wallet/top-ups/{second['id']}")["purchase"]["state"] == "bought"
    assert (len(orders_of(buyer)), script.get("/wallet")["available"]) == (1, 3_500)
    assert "This payment page has closed" in reader.get(f"/wallet/top-ups/{first['id']}").words


def test_the_page_of_the_first_does_not_count_against_the_day(script, agency, gateway):
    (lead_id,) = put_on_sale(agency)
    first = wished(script, lead_id, amount=1_500_00, idem="the first")
    second = wished(script, lead_id, amount=1_600_00, idem="the second")
    assert (first.status, second.status) == (201, 201)
    again = [wished(script, lead_id, amount=1_500_00, idem="the first")["id"] for _ in range(2)]
    assert again == [first["id"]] * 2
    assert script.get(f"/wallet/top-ups/{first['id']}")["state"] == "expired"
    assert script.get(f"/wallet/top-ups/{second['id']}")["state"] == "created"


def test_a_wish_that_is_refused_closes_no_page(script, agency, gateway):
    (lead_id,) = put_on_sale(agency)
    first = wished(script, lead_id)
    assert wished(script, lead_id, cents=2_400, amount=3_000).code == "price_changed"
    assert gateway.pay(first["checkout_url"]) == 303


def test_a_page_that_was_paid_just_now_is_the_wish(script, agency, buyer, gateway, run_jobs):
    (lead_id,) = put_on_sale(agency)
    first = wished(script, lead_id)
    gateway.pay(first["checkout_url"])
    assert wished(script, lead_id, amount=6_000)["id"] == first["id"]
    gateway.deliver()
    run_jobs()
    assert (len(orders_of(buyer)), script.get("/wallet")["available"]) == (1, 0)


def test_while_the_page_cannot_be_closed_nothing_takes_its_place(script, agency, gateway):
    (lead_id,) = put_on_sale(agency)
    first = wished(script, lead_id)
    for _ in range(3):  # as often as the client tries by itself
        world_of(gateway.app).faults.force(RequestFault.ERROR_BEFORE, on="POST ")
    assert wished(script, lead_id, amount=6_000).code == "payments_unavailable"
    assert script.get(f"/wallet/top-ups/{first['id']}")["purchase"]["state"] == "waiting"
    assert wished(script, lead_id, amount=6_000).status == 201
    assert script.get(f"/wallet/top-ups/{first['id']}")["purchase"]["state"] == "lapsed"


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"cents": 2_400}, 409, "price_changed"),
        ({"amount": 2_000}, 422, "too_little"),
        ({"amount": 1_999}, 422, "invalid"),
        ({"amount": 200_001}, 422, "invalid"),
        ({"cents": 0}, 422, "invalid"),
    ],
)
def test_what_would_be_refused_is_refused_before_a_card_is_asked_for(script, agency, buyer, wish, status, code):
    (lead_id,) = put_on_sale(agency)
    refused = wished(script, lead_id, **wish)
    assert (refused.status, refused.code) == (status, code)
    assert (billing_rows(), orders_of(buyer)) == (0, [])


def test_no_card_pays_for_a_lead_that_one_may_not_buy(agency, api, app):
    (lead_id,) = put_on_sale(agency)
    member = make_person("buyer", role="member", org_id=make_person("buyer").org_id)
    unready = api(make_person("buyer", has_terms=False))
    unverified = api(make_person("buyer", is_verified=False))
    (dear,) = put_on_sale(agency, price={"amount": 10_100, "currency": "USD"})
    (closed,) = put_on_sale(agency, make_lead(answers={"product": "car"}), vertical="insurance")
    assert wished(unready, lead_id).code == "not_ready"
    assert wished(unverified, closed).code == "not_verified"
    assert wished(unverified, dear, 10_100, 10_100).code == "not_verified"
    assert wished(agency, lead_id).status == 403
    assert wished(api(make_person("buyer", scopes=["wallet:read", "wallet:write"])), lead_id).code == "missing_scope"
    assert wished(api(make_person("buyer", scopes=["orders:write", "catalog:read"])), lead_id).code == "missing_scope"
    assert member.key == ""
    assert billing_rows() == 0


def test_a_strangers_wish_does_not_exist(script, agency, api, visit, gateway):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    stranger = make_person("buyer")
    assert api(stranger).get(f"/wallet/top-ups/{asked['id']}").status == 404
    assert visit(stranger).get(f"/wallet/top-ups/{asked['id']}").status == 404
    assert wished(api(stranger), lead_id)["id"] != asked["id"]


def test_who_may_not_pay_is_not_offered_the_card(buyer, agency, visit):
    (lead_id,) = put_on_sale(agency)
    member = visit(make_person("buyer", role="member", org_id=buyer.org_id))
    assert "Pay by card" not in member.get(f"/catalog/{lead_id}").words
    assert member.post(f"/catalog/{lead_id}/card", price=2500, currency="USD", top_up=2500).status == 403


def test_who_left_meanwhile_buys_nothing(script, buyer, agency, gateway, run_jobs):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    with transaction():
        session().execute(
            text("UPDATE memberships SET role = 'finance' WHERE user_id = :id"), {"id": buyer.who.user_id}
        )
    gateway.pay(asked["checkout_url"])
    gateway.deliver()
    run_jobs()
    with transaction():
        intent = session().get_one(intents.PurchaseIntent, top_up_of(asked["id"]).id)
        assert (intent.state, intent.refused) == ("refused", "forbidden")


def test_a_deposit_is_paid_by_card_too(reader, script, agency, buyer, gateway):
    (lead_id,) = offer(agency)
    page = reader.get(f"/catalog/{lead_id}")
    quote = {name: page.value_of(name) for name in ("price", "currency", "top_up", "terms_version")}
    assert "Agree, and pay by card" in page.words
    gateway.pay(reader.post(f"/catalog/{lead_id}/card", **quote).location)
    assert "The lead is yours" in reader.get(page_of(buyer)).words
    assert [order.state for order in orders_of(buyer)] == [OrderState.ACQUIRED]
    (other,) = offer(agency)
    assert wished(script, other, 2_000).code == "terms_not_agreed"


def die_after_settling(intent_id):
    """What had come of it when the process died, just before the commit."""
    found = None
    with suppress(KeyboardInterrupt), transaction():
        found = intents.settle(intent_id).state
        raise KeyboardInterrupt
    return found


def billing_rows():
    with transaction():
        return session().execute(text("SELECT count(*) FROM top_ups")).scalar_one()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE purchase_intents SET price_cents = price_cents + 1",
        "UPDATE purchase_intents SET state = 'waiting', ended_at = NULL, order_id = NULL",
        "UPDATE top_ups SET credited_at = credited_at + interval '1 day'",
    ],
)
def test_a_wish_that_is_not_what_was_bought_is_found(script, agency, buyer, gateway, clock, harm):
    (lead_id,) = put_on_sale(agency)
    asked = wished(script, lead_id)
    gateway.pay(asked["checkout_url"])
    calls.look_up_checkout(buyer.who, top_up_of(asked["id"]).id)
    with transaction():
        intents.settle(top_up_of(asked["id"]).id)
    clock.advance(minutes=61)
    assert [finding.rows for finding in run_checks() if finding.code == "R7"] == [[]]
    with transaction():
        session().execute(text(harm))
    (rows,) = [finding.rows for finding in run_checks() if finding.code == "R7"]
    assert [row["top_up_id"] for row in rows] == [asked["id"]]
