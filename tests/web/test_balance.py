import pytest

from tests.factories.leads import make_lead, make_listing
from tests.factories.money import fund, funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


@pytest.fixture
def buyer(app, api):
    return api(funded_buyer(100_000))


def test_a_sale_is_held_then_payable_then_its_reserve_follows(visit, agency, api, buyer, later):
    (lead_id,) = put_on_sale(api(agency))
    buy(buyer, lead_id)
    reader = visit(agency)
    page = reader.get("/balance")
    for words in ("Payable $0.00", "Held for you $25.00", "Reserve $0.00", "Nothing earned yet"):
        assert words in page.words
    later(days=8)
    page = reader.get("/balance")
    for words in ("Payable $20.25", "Held for you $0.00", "Reserve $2.25", "the next part on"):
        assert words in page.words
    assert "Sale, its window has closed Career courses" in page.words
    assert f"/leads/{lead_id}" in page.text
    later(days=61)
    page = visit(agency).get("/balance")
    for words in ("Payable $22.50", "Reserve $0.00", "Reserve of a sale", "+$2.25 $22.50", "+$20.25 $20.25"):
        assert words in page.words


def test_held_sales_stand_by_the_day_they_become_ones_own(reader, agency, api, buyer, clock):
    early, late = put_on_sale(api(agency), count=2)
    (shorter,) = put_on_sale(api(agency), window_days=3)
    buy(buyer, late)
    clock.advance(hours=30)
    order = buy(buyer, early)
    buy(buyer, shorter)
    buyer.post(f"/orders/{order}/disputes", {"reason": "invalid_phone", "statement": "Called twice, no such number."})
    page = reader.get("/balance/held")
    places = [page.text.index(f"/leads/{lead}") for lead in (shorter, late, early)]
    assert places == sorted(places)
    for words in ("the dispute is decided", "disputed", "$25.00"):
        assert words in page.words
    page = reader.get("/balance")
    assert "settles the most" in page.words
    assert "Held for you $75.00" in page.words


def test_a_partly_refunded_sale_holds_what_is_left(reader, agency, api, buyer):
    (lead_id,) = put_on_sale(api(agency))
    order = buy(buyer, lead_id)
    said = {"reason": "outside_criteria", "statement": "The person wants another course."}
    dispute = buyer.post(f"/orders/{order}/disputes", said)["id"]
    decision = {"outcome": "partly_upheld", "refund_percent": 50, "reasoning": "Half of it holds."}
    decision["early_reason"] = "Both have said all there is."
    decided = api(make_person("staff")).post(f"/disputes/{dispute}/decisions", decision)
    assert decided.status in (200, 201), decided.body
    page = reader.get("/balance/held")
    assert "$25.00 $12.50 partly refunded" in page.words


def test_each_currency_has_its_own_statement(reader, agency, api, app, later):
    for currency in ("EUR", "USD"):
        price = {"amount": 2500, "currency": currency}
        (lead_id,) = put_on_sale(api(agency), make_lead(), price=price)
        person = make_person("buyer")
        fund(person.who, 10_000, currency)
        api(person).post("/orders", {"lead_id": lead_id, "quoted_price": price})
    later(days=8)
    page = reader.get("/balance?currency=EUR")
    assert "Payable €20.25" in page.words
    assert "$20.25" not in page.text.split("<main")[1]
    assert "Payable $20.25" in reader.get("/balance?currency=USD").words
    assert reader.get("/balance?currency=XXX").status == 200


def test_a_long_statement_goes_on_page_by_page(reader, agency, api, buyer, later):
    for lead_id in put_on_sale(api(agency), count=28, price=make_listing()["price"]):
        buy(buyer, lead_id)
    page = reader.get("/balance/held")
    assert "25 on this page" in page.words
    more = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "3 on this page" in reader.get(more).words
    later(days=8)
    page = reader.get("/balance")
    older = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "3 entries on this page" in reader.get(older).words


def test_it_is_for_those_who_may_see_money(visit, agency):
    finance = visit(make_person("agency", role="finance", org_id=agency.org_id))
    member = visit(make_person("agency", role="member", org_id=agency.org_id))
    for path in ("/balance", "/balance/held"):
        assert finance.get(path).status == 200
        assert member.get(path).status == 403
        assert visit(make_person("buyer")).get(path).status == 403


def test_where_nothing_is_yet_it_says_how_money_comes(reader):
    assert "Nothing earned yet" in reader.get("/balance").words
    assert "Nothing is held" in reader.get("/balance/held").words
