"""The catalogue as a buyer filters it, baskets of several leads, and the limits of a buyer not yet verified."""

import pytest

from tests.factories.leads import make_lead
from tests.factories.money import fund, funded_buyer
from tests.factories.people import make_person
from tests.factories.queries import listening
from tests.factories.story import open_listing, purchase, put_on_sale

NOBODYS = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(api):
    return api(funded_buyer(50_000))


def total(cents, currency="USD"):
    return {"amount": cents, "currency": currency}


def found(buyer, **filters):
    return {item["id"] for item in buyer.get("/catalog/leads", **filters)["items"]}


def test_filters_narrow_and_facets_count_what_is_left(agency, buyer):
    (cheap,) = put_on_sale(agency, make_lead(region="CA"), price=total(1_000), temperature="hot")
    (roof,) = put_on_sale(
        agency, make_lead(region="TX", answers={"service": "roofing"}), vertical="home_services", price=total(4_000)
    )
    (shared,) = put_on_sale(agency, make_lead(), exclusivity="shared", max_buyers=3, kind="consumer")
    assert found(buyer) == {cheap, roof, shared}
    assert found(buyer, vertical="home_services") == {roof}
    assert found(buyer, region="ca") == {cheap}
    assert found(buyer, max_price=2_500) == {cheap, shared}
    assert found(buyer, exclusivity="shared") == {shared}
    assert found(buyer, temperature="hot") == {cheap}
    assert found(buyer, fresh_hours=1) == {cheap, roof, shared}
    prices = [item["price"]["amount"] for item in buyer.get("/catalog/leads", sort="price")["items"]]
    assert prices == [1_000, 2_500, 4_000]
    facets = buyer.get("/catalog/facets", vertical="education")
    assert facets["vertical"] == {"education": 2, "home_services": 1}
    assert facets["region"] == {"CA": 1, "TX": 1}
    facets = buyer.get("/catalog/facets", vertical="education", exclusivity="shared")
    assert (facets["vertical"], facets["exclusivity"]) == ({"education": 1}, {"exclusive": 1, "shared": 1})
    assert (facets["region"], facets["temperature"]) == ({"TX": 1}, {})
    for wrong in ({"vertical": "x"}, {"fresh_hours": 0}, {"sort": "x"}, {"max_price": "9" * 30}, {"region": "\x00"}):
        assert buyer.get("/catalog/leads", **wrong).status in (200, 422)


def test_a_page_of_the_catalogue_goes_on_where_the_last_ended(agency, buyer):
    leads = set(put_on_sale(agency, count=5))
    for sort in ("newest", "price", "-price"):
        first = buyer.get("/catalog/leads", limit=2, sort=sort)
        second = buyer.get("/catalog/leads", limit=2, sort=sort, cursor=first["next_cursor"])
        third = buyer.get("/catalog/leads", limit=2, sort=sort, cursor=second["next_cursor"])
        assert third["next_cursor"] is None
        assert {item["id"] for page in (first, second, third) for item in page["items"]} == leads


def test_orders_of_several_leads_are_read_at_once(agency, buyer):
    wanted = {"lead_ids": put_on_sale(agency, count=4), "max_total": total(10_000)}
    first = buyer.post("/orders", wanted, idem="once")
    asked = []
    with listening(asked):
        again = buyer.post("/orders", wanted, idem="once")
    assert again["items"] == first["items"]
    assert [item["order"]["lead"]["id"] for item in again["items"]] == wanted["lead_ids"]
    assert len([words for _rows, words, _values in asked if "FROM orders JOIN" in words.replace("\n", "")]) == 1


def test_several_leads_have_a_result_each(agency, buyer):
    first, second = put_on_sale(agency, count=2)
    buyer.post("/orders", purchase(first))
    bought = buyer.post("/orders", {"lead_ids": [first, second, NOBODYS], "max_total": total(10_000)})
    assert bought.status == 201
    assert [item["lead_id"] for item in bought["items"]] == [first, second, NOBODYS]
    assert [(item["error"] or {}).get("code") for item in bought["items"]] == ["already_bought", None, "not_found"]
    assert bought["items"][1]["order"]["state"] == "held"
    nothing = buyer.post("/orders", {"lead_ids": [first, NOBODYS], "max_total": total(10_000)})
    assert nothing.status == 200
    assert all(item["order"] is None for item in nothing["items"])


def test_all_or_nothing_buys_nothing_when_one_is_refused(agency, buyer):
    leads = put_on_sale(agency, count=2)
    refused = buyer.post("/orders", {"lead_ids": [*leads, NOBODYS], "max_total": total(10_000), "all_or_nothing": True})
    assert (refused.status, refused.code) == (404, "not_found")
    assert buyer.get("/orders")["items"] == []
    assert buyer.get("/wallet")["held"] == 0
    bought = buyer.post("/orders", {"lead_ids": leads, "max_total": total(5_000), "all_or_nothing": True})
    assert bought.status == 201
    assert buyer.get("/wallet")["held"] == 5_000


def test_a_basket_never_costs_more_than_was_agreed(agency, buyer):
    leads = put_on_sale(agency, count=2)
    over = buyer.post("/orders", {"lead_ids": leads, "max_total": total(4_999)})
    assert (over.status, over.code) == (409, "price_changed")
    other = buyer.post("/orders", {"lead_ids": leads, "max_total": total(5_000, "EUR")})
    assert (other.status, other.code) == (409, "price_changed")
    twice = buyer.post("/orders", {"lead_ids": [leads[0], leads[0]], "max_total": total(2_500)})
    assert twice.status == 201
    assert len({item["order"]["id"] for item in twice["items"]}) == 1


def test_money_that_ends_in_the_middle_of_a_basket_buys_what_it_can(api, agency):
    person = make_person("buyer")
    fund(person.who, 6_000)
    leads = put_on_sale(agency, count=3)
    bought = api(person).post("/orders", {"lead_ids": leads, "max_total": total(7_500)})
    codes = sorted((item["error"] or {}).get("code", "") for item in bought["items"])
    assert codes == ["", "", "insufficient_funds"]


@pytest.mark.parametrize(
    "body",
    [
        {"lead_id": NOBODYS},
        {"lead_ids": [NOBODYS]},
        {"lead_id": NOBODYS, "max_total": total(1)},
        {"lead_ids": [], "max_total": total(1)},
        {"lead_ids": [NOBODYS] * 101, "max_total": total(1)},
        {},
    ],
)
def test_a_purchase_names_one_lead_with_its_price_or_several_with_a_total(buyer, body):
    assert (buyer.post("/orders", body).status, buyer.post("/orders", body).code) == (422, "invalid")


def test_a_price_that_changed_is_refused(agency, buyer):
    listing = open_listing(agency)
    (item,) = agency.post(f"/listings/{listing}/leads", make_lead())["items"]
    agency.patch(f"/listings/{listing}", {"price": total(2_600)})
    refused = buyer.post("/orders", purchase(item["id"]))
    assert (refused.status, refused.code) == (409, "price_changed")
    assert buyer.get("/orders")["items"] == []
    order = buyer.post("/orders", purchase(item["id"], 2_600))
    agency.patch(f"/listings/{listing}", {"price": total(9_900), "window_days": 3})
    again = buyer.get(f"/orders/{order['id']}")
    assert (again["price"], again["listing_version"]) == (total(2_600), 2)


def test_a_buyer_not_yet_verified_has_a_trial(api, agency):
    person = make_person("buyer", is_verified=False)
    fund(person.who, 20_000)
    trial = api(person)
    (sensitive,) = put_on_sale(agency, make_lead(answers={"product": "car"}), vertical="insurance")
    assert trial.post("/orders", purchase(sensitive)).code == "not_verified"
    leads = put_on_sale(agency, count=5)
    answers = [trial.post("/orders", purchase(lead_id)) for lead_id in leads]
    assert [answer.status for answer in answers] == [201, 201, 201, 201, 403]
    staff = api(make_person("staff"))
    waiting = staff.get("/organisations", is_verified="false", kind="buyer")["items"]
    assert [org["id"] for org in waiting] == [str(person.org_id)]
    assert staff.post(f"/organisations/{person.org_id}/verification")["verified_at"]
    assert trial.post("/orders", purchase(leads[4])).status == 201
    assert trial.post("/orders", purchase(sensitive)).status == 201


def test_a_buyer_who_has_not_accepted_the_terms_reads_nobody(api, agency):
    person = make_person("buyer", has_terms=False)
    fund(person.who, 20_000)
    (lead_id,) = put_on_sale(agency)
    refused = api(person).post("/orders", purchase(lead_id))
    assert (refused.status, refused.code) == (403, "not_ready")


def test_an_agency_sees_its_sales_without_a_contact(agency, buyer):
    (lead_id,) = put_on_sale(agency)
    order = buyer.post("/orders", purchase(lead_id))["id"]
    (sale,) = agency.get("/orders")["items"]
    assert (sale["id"], sale["contact"]) == (order, None)
    assert agency.get(f"/orders/{order}")["contact"] is None
    assert agency.get("/orders", state="released")["items"] == []
