import re
from uuid import uuid4

import pytest

from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from marketplace.orders import orders_for
from tests.factories.leads import make_lead, shared
from tests.factories.money import fund, funded_buyer, owe
from tests.factories.people import make_person
from tests.factories.story import open_listing, put_on_sale

SECRETS = ("Maria", "Sandoval", "gmail.com", "78701", "+1")


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(app):
    return funded_buyer(10_000)


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


def orders_of(person):
    with transaction():
        return [line.order for line in orders_for(person.who, Ask()).items]


def quote_of(page):
    return {name: page.value_of(name) for name in ("price", "currency", "key")}


def buy(reader, lead_id):
    return reader.post(f"/catalog/{lead_id}/purchase", **quote_of(reader.get(f"/catalog/{lead_id}")))


def test_the_catalogue_shows_leads_behind_a_mask(reader, agency):
    put_on_sale(agency, make_lead(answers={"start": "now", "budget": 1200, "subject": "welding with Marek"}))
    page = reader.get("/catalog")
    assert page.status == 200
    for shown in ("TX 787", "Now", "Budget: 1000–2500", "Exclusive", "$25.00", "1 lead"):
        assert shown in page.words
    assert not [secret for secret in (*SECRETS, "Marek", "welding") if secret in page.words]
    assert page.headers["Cache-Control"] == "no-store"


def test_filters_are_the_address_and_count_what_they_leave(reader, agency):
    put_on_sale(agency, count=2)
    put_on_sale(agency, make_lead(answers={"service": "roofing"}, region="NY"), vertical="home_services")
    assert "3 leads" in reader.get("/catalog").words
    page = reader.get("/catalog?vertical=education")
    assert "2 leads" in page.words
    assert "Roofing" not in page.words
    untouched = reader.get("/catalog?vertical=education&region=&max_price=")
    assert untouched.location == "/catalog?vertical=education"
    assert "No lead fits" in reader.get("/catalog?vertical=education&region=NY").words
    assert reader.get("/catalog?vertical=gold").status == 422


def test_leads_sort_by_price_and_page_by_page(reader, agency):
    put_on_sale(agency, count=25)
    (dear,) = put_on_sale(agency, price={"amount": 9900, "currency": "USD"})
    first = reader.get("/catalog?sort=price")
    assert dear not in first.text
    (cursor,) = re.findall(r'href="(/catalog\?[^"]*cursor=[^"]*)"', first.text)
    second = reader.get(cursor.replace("&amp;", "&"))
    assert second.text.count('<tr class="is-now">') == 1
    assert dear in second.text
    assert dear in reader.get("/catalog?sort=-price").text
    assert reader.get("/catalog?cursor=nonsense").status == 422


def test_the_place_beside_the_list_is_the_leads_own_page(reader, agency):
    (lead_id,) = put_on_sale(agency)
    part = reader.get(f"/catalog/{lead_id}", {"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Buy for $25.00" in part.words
    gone = reader.get(f"/catalog/{uuid4()}", {"HX-Request": "true"})
    assert gone.status == 409
    assert "data-trouble" in gone.text


def test_terms_stand_before_the_click(reader, agency):
    (lead_id,) = put_on_sale(agency)
    words = reader.get(f"/catalog/{lead_id}").words
    for term in ("Held for 7 days", "You can dispute until then", "goes to the agency", "$75.00 stay in your wallet"):
        assert term in words


def test_a_lead_is_bought_and_its_person_shown(reader, agency, buyer):
    (lead_id,) = put_on_sale(agency)
    page = reader.follow(buy(reader, lead_id))
    assert "Bought for $25.00" in page.words
    assert "Maria Sandoval" in page.words
    assert [order.state for order in orders_of(buyer)] == ["held"]
    assert reader.get(f"/catalog/{lead_id}").location.startswith("/orders/")


def test_a_second_click_buys_nothing_more(reader, agency, buyer):
    (lead_id,) = put_on_sale(agency, **shared())
    quote = quote_of(reader.get(f"/catalog/{lead_id}"))
    first = reader.post(f"/catalog/{lead_id}/purchase", **quote)
    assert reader.post(f"/catalog/{lead_id}/purchase", **quote).location == first.location
    another = reader.post(f"/catalog/{lead_id}/purchase", **{**quote, "key": str(uuid4())})
    assert "already bought this lead" in reader.follow(reader.follow(another)).words
    assert len(orders_of(buyer)) == 1


def test_how_many_places_are_left_is_said(reader, agency, visit):
    (lead_id,) = put_on_sale(agency, **shared(2))
    assert "Up to 2 buyers, 2 places left" in reader.get(f"/catalog/{lead_id}").words
    assert buy(visit(funded_buyer(5_000)), lead_id).status == 303
    assert "Up to 2 buyers, 1 place left" in reader.get(f"/catalog/{lead_id}").words


def test_a_changed_price_is_told_before_anything_is_bought(reader, agency, buyer):
    listing = open_listing(agency)
    lead_id = agency.post(f"/listings/{listing}/leads", make_lead())["items"][0]["id"]
    quote = quote_of(reader.get(f"/catalog/{lead_id}"))
    agency.patch(f"/listings/{listing}", {"price": {"amount": 3100, "currency": "USD"}})
    refused = reader.post(f"/catalog/{lead_id}/purchase", **quote)
    assert refused.status == 409
    assert "it is $31.00 now" in refused.words
    assert refused.value_of("price") == "3100"
    assert orders_of(buyer) == []


def test_a_lead_that_somebody_else_bought_is_gone(reader, agency, buyer, visit):
    (lead_id,) = put_on_sale(agency)
    quote = quote_of(reader.get(f"/catalog/{lead_id}"))
    faster = make_person("buyer")
    fund(faster.who, 5_000)
    assert buy(visit(faster), lead_id).status == 303
    refused = reader.post(f"/catalog/{lead_id}/purchase", **quote)
    assert refused.status == 409
    assert "Somebody else was faster" in refused.words
    assert "Nothing was taken from your wallet" in refused.words
    assert reader.get(f"/catalog/{lead_id}").status == 409


def test_what_is_missing_in_the_wallet_can_be_topped_up(reader, agency, buyer):
    (lead_id,) = put_on_sale(agency, price={"amount": 14_550, "currency": "USD"})
    page = reader.get(f"/catalog/{lead_id}")
    assert "$45.50 are missing" in page.words
    assert 'href="/wallet?amount=4550&amp;currency=USD"' in page.text
    forced = {"price": 14_550, "currency": "USD", "key": str(uuid4())}
    refused = reader.post(f"/catalog/{lead_id}/purchase", **forced)
    assert refused.status == 402
    assert "Nothing was bought" in refused.words


def test_an_unverified_buyer_meets_the_limits_of_the_trial(agency, visit):
    person = make_person("buyer", is_verified=False)
    fund(person.who, 50_000)
    reader = visit(person)
    dear = put_on_sale(agency, count=2, price={"amount": 6_000, "currency": "USD"})
    assert buy(reader, dear[0]).status == 303
    refused = buy(reader, dear[1])
    assert refused.status == 403
    assert "Until you are verified" in refused.words
    (sensitive,) = put_on_sale(agency, make_lead(answers={"product": "car"}), vertical="insurance")
    page = reader.get(f"/catalog/{sensitive}")
    assert "sold to verified buyers only" in page.words
    assert "Buy for" not in page.words


def test_without_the_terms_nothing_can_be_bought(agency, visit):
    person = make_person("buyer", has_terms=False)
    (lead_id,) = put_on_sale(agency)
    assert "accept the terms before you buy" in visit(person).get(f"/catalog/{lead_id}").words


def basket(page, *leads, **more):
    """What the bulk bar, or the page that asks, sends."""
    (key,) = re.findall(r'action="/catalog/purchases".*?name="key" value="([^"]+)"', page.text, re.DOTALL)
    return {"lead": list(leads), "currency": "USD", "key": key, **more}


def test_several_are_bought_for_the_sum_that_was_shown(reader, agency, buyer):
    leads = put_on_sale(agency, count=3)
    form = basket(reader.get("/catalog"), *leads, max_total=7500)
    done = reader.post("/catalog/purchases", **form)
    page = reader.follow(done)
    assert "3 leads bought" in page.words
    assert reader.post("/catalog/purchases", **form).location == done.location
    assert [order.price_cents for order in orders_of(buyer)] == [2500] * 3
    assert reader.get(f"/catalog/purchases/{uuid4()}").status == 404


def test_what_could_not_be_had_of_several_is_told_one_by_one(reader, agency, buyer, visit):
    leads = put_on_sale(agency, count=3)
    form = basket(reader.get("/catalog"), *leads, max_total=7500)
    faster = make_person("buyer")
    fund(faster.who, 5_000)
    buy(visit(faster), leads[1])
    words = reader.follow(reader.post("/catalog/purchases", **form)).words
    assert "2 leads bought, 1 not" in words
    assert "Somebody else was faster" in words
    assert len(orders_of(buyer)) == 2


def test_without_scripts_the_sum_is_asked_first(reader, agency, buyer):
    leads = put_on_sale(agency, count=2)
    asked = reader.post("/catalog/purchases", **basket(reader.get("/catalog"), *leads, max_total=""))
    assert asked.status == 200
    assert "Buy 2 for $50.00" in asked.words
    assert orders_of(buyer) == []
    confirmed = reader.post("/catalog/purchases", **basket(asked, *leads, max_total=asked.value_of("max_total")))
    assert "2 leads bought" in reader.follow(confirmed).words


def test_several_at_other_prices_are_asked_again(reader, agency, buyer):
    listing = open_listing(agency)
    sent = agency.post(f"/listings/{listing}/leads", [make_lead(), make_lead()])
    leads = [item["id"] for item in sent["items"]]
    form = basket(reader.get("/catalog"), *leads, max_total=5000)
    agency.patch(f"/listings/{listing}", {"price": {"amount": 3000, "currency": "USD"}})
    refused = reader.post("/catalog/purchases", **form)
    assert refused.status == 409
    assert "Together they now cost $60.00" in refused.words
    assert orders_of(buyer) == []


def test_several_for_more_than_the_wallet_holds_are_bought_as_far_as_it_goes_like_by_a_script(reader, agency, buyer):
    leads = put_on_sale(agency, count=5)
    done = reader.post("/catalog/purchases", **basket(reader.get("/catalog"), *leads, max_total=12_500))
    words = reader.follow(done).words
    assert "4 leads bought, 1 not" in words
    assert "There is not enough money for this." in words
    assert len(orders_of(buyer)) == 4


def test_a_sum_that_the_wallet_does_not_hold_is_said_before_it_is_asked_for(reader, agency, buyer):
    leads = put_on_sale(agency, count=5)
    asked = reader.post("/catalog/purchases", **basket(reader.get("/catalog"), *leads, max_total=""))
    assert "$25.00 are missing" in asked.words
    assert orders_of(buyer) == []


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_who_owes_reads_so_above_the_leads_and_instead_of_a_purchase_of_several(reader, agency, buyer, currency):
    leads = put_on_sale(agency, count=2)
    assert "You owe" not in reader.get("/catalog").words
    owe(buyer.who, 30_00, currency)
    page = reader.get("/catalog")
    symbol = {"USD": "$", "EUR": "€"}[currency]
    assert f"You owe us {symbol}30.00. A top-up in the same currency repays that first" in page.words
    asked = reader.post("/catalog/purchases", **basket(page, *leads, max_total=5_000))
    assert (asked.status, f"You owe us {symbol}30.00." in asked.words, "Buy 2 for" in asked.words) == (200, True, False)
    assert orders_of(buyer) == []


def test_where_nothing_could_be_had_no_contacts_are_promised(reader, agency, buyer, visit):
    leads = put_on_sale(agency, count=2)
    form = basket(reader.get("/catalog"), *leads, max_total=5_000)
    faster = make_person("buyer")
    fund(faster.who, 5_000)
    for lead in leads:
        buy(visit(faster), lead)
    words = reader.follow(reader.post("/catalog/purchases", **form)).words
    assert ("Nothing was bought" in words, "Open the inbox" in words) == (True, False)


def test_another_choice_on_an_old_page_is_asked_first(reader, agency, buyer):
    leads = put_on_sale(agency, count=2)
    page = reader.get("/catalog")
    reader.post("/catalog/purchases", **basket(page, leads[0], max_total=2500))
    asked = reader.post("/catalog/purchases", **basket(page, leads[1], max_total=2500))
    assert (asked.status, len(orders_of(buyer))) == (200, 1)
    assert "Buy 1 for $25.00" in asked.words
    reader.post("/catalog/purchases", **basket(asked, leads[1], max_total=2500))
    assert len(orders_of(buyer)) == 2


def test_nothing_chosen_leads_back(reader, agency):
    put_on_sale(agency)
    form = basket(reader.get("/catalog"), max_total="")
    assert "Choose 1 to 100 leads first" in reader.follow(reader.post("/catalog/purchases", **form)).words


@pytest.mark.parametrize(("kind", "role"), [("agency", "owner"), ("staff", "owner"), ("buyer", "finance")])
def test_the_catalogue_is_for_those_who_buy(app, visit, kind, role):
    org_id = make_person("buyer").org_id if role == "finance" else None
    assert visit(make_person(kind, role=role, org_id=org_id)).get("/catalog").status == 403
