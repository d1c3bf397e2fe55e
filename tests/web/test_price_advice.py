"""A suggested price from what was really sold and kept: on the form, by API, and after refunds for a buyer."""

import math
import statistics
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.leads import Lead
from marketplace.quality import prices
from marketplace.quality.facts import SoldLead, Stage
from marketplace.quality.prices import Demand, PriceBase
from marketplace.quality.prices.classes import mix_of
from marketplace.quality.prices.jobs import count_prices
from marketplace.quality.pricing import drawn
from tests.factories.leads import make_lead, shared
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.queries import listening, plan_of
from tests.factories.story import buy, open_listing, put_on_sale

FORM = {
    "title": "Career courses", "vertical": "education", "kind": "consumer", "exclusivity": "exclusive",
    "pricing": "per_lead", "currency": "USD", "default_country": "US", "window_days": "7",
}  # fmt: skip


@pytest.fixture
def seller(app):
    return make_person("agency")


@pytest.fixture
def agency(api, seller):
    return api(seller)


@pytest.fixture
def person(app):
    return funded_buyer(100_00)


def sell(seller, person, api, cents, *, region="TX", days=20, qualification="IQL", **known):
    """Purchases as quality knows them, all kept unless said otherwise: one lead, sold as often as there are prices."""
    (lead_id,) = put_on_sale(api(seller), make_lead(region=region))
    with transaction():
        lead = session().scalars(select(Lead).where(Lead.id == lead_id)).one()
        at = product_clock.now() - timedelta(days=days)
        lead.qualification = qualification
        for price in cents:
            fact = {
                "lead_id": lead.id, "listing_id": lead.listing_id, "agency_id": seller.org_id, "vertical": "education",
                "buyer_id": person.org_id, "channel": "search", "is_per_sale": False, "price_cents": price,
                "currency": "USD", "placed_at": at, "matured_at": at, "fault": False, **known,
            }  # fmt: skip
            session().add(SoldLead(order_id=new_id(), **fact))


def factor(advice, name):
    return next(each["value"] for each in advice["factors"] if each["name"] == name)


def test_before_anything_is_sold_the_trades_printed_price_is_said_to_be_one(visit, seller, agency):
    reader = visit(seller)
    assert "Choose the trade" in reader.get("/listings/new").words
    page = reader.post("/listings/suggestion", **FORM)
    assert page.status == 200
    assert "No sales yet in Education in this currency: a printed price to begin with." in page.words
    assert page.value_of("title") == "Career courses"
    assert agency.get("/listings")["items"] == []
    advice = agency.get("/verticals/education/price-suggestion")
    assert (advice["in_trade"], advice["base"]["amount"], advice["demand"]) == (0, 2_500, None)
    newcomer = (1 - 0.08 * 1.8) / (1 - 0.08)
    assert advice["price"]["amount"] == round(2_500 * newcomer**0.7)
    assert advice["low"]["amount"] < advice["price"]["amount"] < advice["high"]["amount"]


def base_of(own, kept):
    """By hand what the database counts: both are prices, those of a place and those of its trade."""
    own, kept = [math.log(price) for price in own], [math.log(price) for price in kept]
    middle = statistics.median(kept)
    squares = sum((each - middle) ** 2 for each in kept)
    return drawn(statistics.median(own), len(own), middle, squares, len(kept))


def test_the_base_is_the_median_of_kept_prices_drawn_to_the_trade_where_a_place_has_few(seller, person, api, agency):
    texas, york = [2_000, 2_200, 2_400] * 4, [4_000]
    sell(seller, person, api, texas)
    sell(seller, person, api, york, region="NY")
    sell(seller, person, api, [90_000] * 3, fault=True, fault_reason="bot")
    sell(seller, person, api, [90_000] * 3, days=91)
    sell(seller, person, api, [90_000] * 3, matured_at=None, fault=None)
    count_prices()
    kept = texas + york
    with transaction():
        found = {base.region: base for base in session().scalars(select(PriceBase).where(PriceBase.country == "US"))}
    for region, own in (("", kept), ("TX", texas), ("NY", york)):
        expected = base_of(own, kept)
        assert found[region].log_price == pytest.approx(expected.log_price)
        assert found[region].spread == pytest.approx(expected.spread)
        assert (found[region].count, found[region].whole) == (len(own), 13)
    advice = agency.get("/verticals/education/price-suggestion")
    assert (advice["in_place"], advice["in_trade"], advice["base"]["amount"]) == (13, 13, 2_200)
    assert [(place["region"], place["count"]) for place in advice["places"]] == [("NY", 1), ("TX", 12)]
    there = agency.get("/verticals/education/price-suggestion", region="NY")
    assert there["in_place"] == 1
    assert 2_200 < there["base"]["amount"] < 4_000
    assert agency.get("/verticals/education/price-suggestion", currency="EUR")["in_trade"] == 0


def test_every_factor_is_measured_and_said(seller, person, api, agency, visit):
    sell(seller, person, api, [2_000] * 95, days=3)
    sell(seller, person, api, [2_000] * 5, days=3, fault=True, fault_reason="bot")
    put_on_sale(agency, count=8)
    count_prices()
    advice = agency.get("/verticals/education/price-suggestion", buyers=4)
    assert (advice["fault"]["leads"], advice["demand"]["bought"]) == (100, 100)
    assert (advice["demand"]["on_sale"], advice["demand"]["buyers"]) == (10, 1)
    assert factor(advice, "exclusivity") == pytest.approx(0.4)
    assert factor(advice, "volume") == pytest.approx(0.97)
    assert factor(advice, "competition") == 1.25
    rate = 0.08 * (1.5 * 1.8 + 5) / (1.5 + 8)
    assert advice["fault"]["rate"] == pytest.approx(rate)
    assert factor(advice, "quality") == pytest.approx(((1 - rate) / 0.92) ** 0.7)
    page = visit(seller).post("/listings/suggestion", **FORM | {"exclusivity": "shared", "max_buyers": "4"})
    assert "100 bought in 7 days, 10 on sale now, 1 buyer with money" in page.words
    assert "shared by up to 4 buyers" in page.words


def test_how_far_the_persons_are_is_a_factor_with_its_count(seller, person, api, agency, visit):
    advice = agency.get("/verticals/education/price-suggestion")
    assert ([each["name"] for each in advice["factors"]].count("qualification"), advice["classes"]) == (0, [])
    sell(seller, person, api, [2_000] * 30)
    sell(seller, person, api, [4_000] * 10, qualification="SQL")
    sell(seller, person, api, [9_000] * 10, qualification="MQL", fault=True, fault_reason="bot")
    sell(seller, person, api, [9_000] * 10, qualification="MQL", days=91)
    sell(seller, person, api, [9_000] * 10, qualification=None)
    count_prices()
    asked = agency.get("/verticals/education/price-suggestion", qualification="SQL")
    assert [(each["qualification"], each["count"]) for each in asked["classes"]] == [("IQL", 30), ("SQL", 10)]
    assert [each["ratio"] for each in asked["classes"]] == pytest.approx([1, math.sqrt(2)])
    assert factor(asked, "qualification") == pytest.approx(math.sqrt(2))
    assert "100 percent SQL; 10 prices of such leads known" in str(asked["factors"])
    mixed = agency.get("/verticals/education/price-suggestion")  # 1 IQL, 1 SQL and 2 MQL of which no price is known
    assert factor(mixed, "qualification") == pytest.approx(2**0.125)
    assert "25 percent SQL, 50 percent MQL, 25 percent IQL; 40 prices of such leads known" in str(mixed["factors"])
    unknown = agency.get("/verticals/education/price-suggestion", qualification="MQL")
    assert "qualification" not in [each["name"] for each in unknown["factors"]]
    assert agency.get("/verticals/education/price-suggestion", qualification="XQL").status == 422
    page = visit(seller).post("/listings/suggestion", **FORM).words
    assert "Qualified 25 percent SQL, 50 percent MQL" in page
    assert "SQL × 1.41 · 10 sold" in page


def test_the_newest_leads_are_found_among_those_of_the_agency_alone(seller, agency):
    put_on_sale(agency, count=2)
    asked = []
    with transaction():
        with listening(asked):
            assert mix_of(seller.who.org_id, "education", None).count == 2
        plan = plan_of(asked[-1])
    assert "Index Scan Backward using ix_leads_agency_id_id on leads" in plan
    assert "Sort" not in plan


def test_a_listing_counts_its_own_leads_before_those_of_its_agency(seller, person, api, agency):
    sell(seller, person, api, [2_000] * 30)
    sell(seller, person, api, [4_000] * 10, qualification="SQL")
    count_prices()
    with transaction():
        (listing,) = session().scalars(select(Lead.listing_id).where(Lead.qualification == "SQL"))
    own, new = (agency.get(f"/listings/{each}/price-suggestion") for each in (listing, open_listing(agency)))
    assert factor(own, "qualification") == pytest.approx(math.sqrt(2))
    assert factor(new, "qualification") == pytest.approx(2**0.25)
    nobody = api(make_person("agency")).get("/verticals/education/price-suggestion")
    assert "qualification" not in [each["name"] for each in nobody["factors"]]


def test_newer_leads_of_another_trade_do_not_hide_how_far_those_of_a_trade_are(seller, person, api, agency):
    sell(seller, person, api, [4_000] * 10, qualification="SQL")
    count_prices()
    other = open_listing(agency, vertical="insurance")
    newer = """
        INSERT INTO leads SELECT (jsonb_populate_record(lead, jsonb_build_object(
            'id', overlay(CAST(gen_random_uuid() AS text) PLACING 'ffffffff' FROM 1),
            'listing_id', CAST(:listing AS text), 'vertical', 'insurance', 'external_id', NULL))).*
        FROM leads lead CROSS JOIN generate_series(1, 2001)
    """
    with transaction():
        (listing,) = session().scalars(select(Lead.listing_id).where(Lead.qualification == "SQL"))
        session().execute(text(newer), {"listing": other})
    for path in (f"/listings/{listing}", "/verticals/education"):
        advice = agency.get(f"{path}/price-suggestion")
        assert "100 percent SQL; 10 prices" in str(advice["factors"])


def test_a_commission_is_suggested_once_30_ends_are_known(seller, person, api, agency, visit):
    sell(seller, person, api, [2_000] * 20, days=95, stage=Stage.LOST)
    per_sale = FORM | {"pricing": "per_sale"}
    reader = visit(seller)
    assert agency.get("/verticals/education/price-suggestion")["commission"] is None
    assert "that needs 30 leads" in reader.post("/listings/suggestion", **per_sale).words
    won = product_clock.now() - timedelta(days=60)
    sell(seller, person, api, [2_000] * 20, days=95, stage=Stage.WON, won_at=won)
    advice = agency.get("/verticals/education/price-suggestion")
    assert (advice["chance"]["rate"], advice["chance"]["leads"]) == (0.5, 40)
    assert advice["commission"]["amount"] == pytest.approx(advice["price"]["amount"] * 1.15 / 0.5, abs=1)
    assert advice["commission_low"]["amount"] < advice["commission"]["amount"] < advice["commission_high"]["amount"]
    assert "for each sale" in reader.post("/listings/suggestion", **per_sale).words


def test_a_listing_has_its_advice_on_its_form_and_by_api_for_its_agency_alone(seller, agency, visit, api):
    listing = open_listing(agency, **shared(3))
    page = visit(seller).get(f"/listings/{listing}/edit")
    assert "shared by up to 3 buyers" in page.words
    again = visit(seller).post(f"/listings/{listing}/suggestion", title="Typed", price="31")
    assert (again.value_of("title"), again.value_of("price")) == ("Typed", "31")
    assert agency.get(f"/listings/{listing}/price-suggestion").status == 200
    stranger = make_person("agency")
    assert api(stranger).get(f"/listings/{listing}/price-suggestion").status == 404
    assert visit(stranger).post(f"/listings/{listing}/suggestion").status == 404
    assert api(make_person("buyer")).get("/verticals/education/price-suggestion").status == 403
    assert agency.get("/verticals/weapons/price-suggestion").status == 404


def test_a_buyer_sees_what_a_lead_costs_after_refunds(seller, person, api, agency, visit):
    sell(seller, person, api, [2_000] * 18)
    sell(seller, person, api, [2_000] * 2, fault=True, fault_reason="bot")
    (lead_id,) = put_on_sale(agency)
    rate = 0.08 * (1.5 * 1.8 + 2) / (1.5 + 20 * 0.08)
    found = api(person).get(f"/catalog/leads/{lead_id}")["after_refunds"]
    assert (found["price"]["amount"], found["leads"]) == (round(2_500 * (1 - rate)), 20)
    assert found["low"]["amount"] < found["price"]["amount"] < found["high"]["amount"] < 2_500
    assert "Judged by 20 leads whose end is known" in visit(person).get(f"/catalog/{lead_id}").words


def test_counting_waits_a_night_for_prices_and_an_hour_for_demand_and_may_be_repeated(
    seller, person, api, agency, clock, run_jobs
):
    sell(seller, person, api, [2_000] * 2)
    count_prices()
    first = counted()
    clock.advance(minutes=30)
    count_prices()
    assert counted() == first
    (lead_id,) = put_on_sale(agency)
    buy(api(person), lead_id)
    run_jobs()
    clock.advance(minutes=30)
    count_prices()
    assert counted()[0] == first[0]
    with transaction():
        assert (
            session().scalars(select(Demand.bought).where(Demand.country == "", Demand.vertical == "education")).one()
            == 1
        )
    clock.advance(hours=24)
    count_prices()
    assert counted()[0] > first[0]
    with transaction():
        session().execute(text("DELETE FROM sold_leads"))
        prices.count_prices()
        assert session().scalars(select(PriceBase)).all() == []


def counted():
    with transaction():
        return [session().scalars(select(table.counted_at).limit(1)).one() for table in (PriceBase, Demand)]
