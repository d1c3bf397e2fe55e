"""A price that falls with age: the same by Python and by the database, shown, sorted, checked and frozen."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace import orders
from marketplace.billing import calls
from marketplace.catalog.price_curve import PriceCurve, Step, price_at
from marketplace.insights import run_checks
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.orders import intents
from tests.factories.leads import make_lead, make_listing
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import open_listing, purchase, put_on_sale

STEPS = [{"after_hours": 24, "percent": 80}, {"after_hours": 72, "percent": 60}]
CURVE = {"steps": STEPS, "floor": {"amount": 1_200, "currency": "USD"}}


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def person(app):
    return funded_buyer(100_00)


@pytest.fixture
def buyer(api, person):
    return api(person)


@st.composite
def curves(draw):
    hours = sorted(draw(st.sets(st.integers(1, 9_999), min_size=1, max_size=4)))
    percents = sorted(draw(st.sets(st.integers(1, 99), min_size=len(hours), max_size=len(hours))), reverse=True)
    steps = tuple(Step(*pair) for pair in zip(hours, percents, strict=True))
    return PriceCurve(steps, draw(st.integers(1, 10**9)))


@settings(max_examples=60)
@given(data=st.data())
def test_the_database_and_python_agree_to_the_cent_and_to_the_microsecond(product, data):
    curve = data.draw(st.none() | curves())
    edges = [timedelta(hours=step.after_hours) for step in curve.steps] if curve else [timedelta(0)]
    ages = st.sampled_from(edges).flatmap(
        lambda edge: st.sampled_from([edge + timedelta(microseconds=off) for off in (-1, 0, 1)])
    ) | st.timedeltas(timedelta(days=-400), timedelta(days=800))
    price, age = data.draw(st.integers(1, 10**9)), data.draw(ages)
    now = datetime.now(UTC)
    asked = text("SELECT price_at(:price, CAST(:curve AS jsonb), CAST(:now AS timestamptz) - :asked)")
    kept = json.dumps(curve.to_json()) if curve else None
    with product.app_context(), transaction():
        found = session().scalar(asked, {"price": price, "curve": kept, "now": now, "asked": now - age})
    assert found == price_at(price, curve, age)


def test_a_price_falls_by_its_steps_and_stops_at_its_floor():
    curve = PriceCurve((Step(24, 80), Step(72, 60), Step(100, 10)), 1_200)
    hours = {0: 2_500, 23.999: 2_500, 24: 2_000, 71: 2_000, 72: 1_500, 100: 1_200, 5_000: 1_200}
    assert {age: curve.price(2_500, timedelta(hours=age)) for age in hours} == hours
    assert curve.next_fall(2_500, timedelta(hours=30)) == (timedelta(hours=72), 1_500)
    assert curve.next_fall(2_500, timedelta(hours=100)) is None
    assert PriceCurve((Step(1, 50),), 1).price(333, timedelta(hours=1)) == 167


def test_a_lead_is_bought_at_the_price_of_its_moment_and_a_stale_quote_is_refused(agency, buyer, person, clock, visit):
    (lead_id,) = put_on_sale(agency, price_curve=CURVE)
    fresh = buyer.get(f"/catalog/leads/{lead_id}")
    assert fresh["price"]["amount"] == 2_500
    assert fresh["price_falls"]["price"]["amount"] == 2_000
    page = visit(person).get(f"/catalog/{lead_id}")
    assert "Falls to $20.00 in 23 h" in page.words
    assert "from 24 h on $20.00 (80 %), from 72 h on $15.00 (60 %); never below $12.00" in page.words
    clock.advance(hours=25)
    stale = buyer.post("/orders", purchase(lead_id, 2_500))
    assert (stale.status, stale.code) == (409, "price_changed")
    assert buyer.get("/orders")["items"] == []
    bought = buyer.post("/orders", purchase(lead_id, 2_000))
    assert (bought.status, bought["price"]["amount"]) == (201, 2_000)
    clock.advance(hours=100)
    assert buyer.get(f"/orders/{bought['id']}")["price"]["amount"] == 2_000
    with transaction():
        assert orders.line_for(person.who, bought["id"]).order.price == Money(2_000, "USD")


def test_the_catalogue_filters_and_sorts_by_the_price_of_now(agency, buyer, clock):
    (falling,) = put_on_sale(agency, price_curve=CURVE)
    (steady,) = put_on_sale(agency, price={"amount": 2_200, "currency": "USD"})
    assert ids(buyer.get("/catalog/leads", sort="price")) == [steady, falling]
    assert ids(buyer.get("/catalog/leads", max_price=2_100)) == []
    clock.advance(hours=25)
    assert ids(buyer.get("/catalog/leads", sort="price")) == [falling, steady]
    first = buyer.get("/catalog/leads", sort="-price", limit=1)
    rest = buyer.get("/catalog/leads", sort="-price", limit=1, cursor=first["next_cursor"])
    assert [*ids(first), *ids(rest)] == [steady, falling]
    assert ids(buyer.get("/catalog/leads", max_price=2_100)) == [falling]
    several = buyer.post("/orders", {"lead_ids": [falling, steady], "max_total": {"amount": 4_200, "currency": "USD"}})
    assert [item["order"]["price"]["amount"] for item in several["items"]] == [2_000, 2_200]


def ids(answer):
    return [item["id"] for item in answer["items"]]


def test_a_card_payment_buys_at_the_lower_price_that_holds_when_it_comes(agency, api, clock, gateway):
    poor = make_person("buyer")
    asked_at = (product_clock.now() - timedelta(hours=23, minutes=50)).isoformat()
    (lead_id,) = put_on_sale(agency, make_lead(submitted_at=asked_at), price_curve=CURVE)
    wish = {"amount": {"amount": 2_500, "currency": "USD"}, "purchase": purchase(lead_id)}
    asked = api(poor).post("/wallet/top-ups", wish)
    gateway.pay(asked["checkout_url"])
    clock.advance(minutes=20)
    calls.look_up_checkout(poor.who, UUID(asked["id"]))
    with transaction():
        intent = intents.settle(UUID(asked["id"]))
    assert (intent.state, intent.price) == ("bought", Money(2_000, "USD"))
    assert not [finding.code for finding in run_checks() if finding.rows]


@pytest.mark.parametrize(
    ("curve", "field"),
    [
        ({**CURVE, "steps": STEPS[::-1]}, "price_curve.steps"),
        ({**CURVE, "steps": []}, "price_curve.steps"),
        ({**CURVE, "steps": [{"after_hours": 24, "percent": 100}]}, "price_curve.steps.0.percent"),
        ({**CURVE, "floor": {"amount": 2_501, "currency": "USD"}}, "price_curve"),
        ({**CURVE, "floor": {"amount": 1_000, "currency": "EUR"}}, "price_curve"),
    ],
)
def test_a_curve_that_does_not_fall_or_does_not_fit_is_refused(agency, curve, field):
    refused = agency.post("/listings", make_listing(price_curve=curve))
    assert refused.status == 422
    assert field in refused["error"]["fields"]


def test_a_change_of_the_curve_is_a_version_and_a_price_below_the_floor_is_refused(agency, buyer):
    listing = open_listing(agency, price_curve=CURVE)
    assert agency.get(f"/listings/{listing}")["price_curve"] == CURVE
    low = agency.patch(f"/listings/{listing}", {"price": {"amount": 1_100, "currency": "USD"}})
    assert (low.status, low.code) == (422, "wrong_pricing")
    none = agency.patch(f"/listings/{listing}", {"price_curve": None})
    assert (none["version"], none["price_curve"]) == (2, None)
    alone = agency.patch(f"/listings/{listing}", {"price_curve": CURVE})
    assert alone.status == 422


def test_the_form_takes_steps_shows_them_again_and_says_what_is_wrong(agency, visit, app):
    reader = visit(make_person("agency"))
    form = {
        "title": "Career courses", "vertical": "education", "kind": "targeted", "exclusivity": "exclusive",
        "pricing": "per_lead", "price": "25", "currency": "USD", "window_days": "7", "default_country": "US",
        "fall_hours_1": "24", "fall_percent_1": "80", "fall_hours_2": "72", "fall_percent_2": "60", "fall_floor": "12",
    }  # fmt: skip
    wrong = reader.post("/listings", **{**form, "fall_percent_2": "90"})
    assert wrong.status == 422
    assert "Each step comes later than the one before it, and is lower." in wrong.words
    assert wrong.value_of("fall_percent_2") == "90"
    assert "whole numbers" in reader.post("/listings", **{**form, "fall_hours_2": "three days"}).words
    made = reader.post("/listings", **form)
    page = reader.follow(made)
    assert "from 24 h on $20.00 (80 %), from 72 h on $15.00 (60 %); never below $12.00" in page.words
    edit = reader.get(f"{made.location}/edit")
    assert [edit.value_of(name) for name in ("fall_hours_2", "fall_percent_2", "fall_floor")] == ["72", "60", "12.00"]
    emptied = {name: "" for name in form if name.startswith("fall_")}
    page = reader.follow(reader.post(made.location, **{**form, **emptied}))
    assert "Price falls: from 24 h" in page.words
    assert "→ not with age" in page.words


def test_the_database_refuses_a_curve_with_a_floor_above_the_price(agency):
    listing = open_listing(agency, price_curve=CURVE)
    with pytest.raises(IntegrityError), transaction():
        session().execute(text("UPDATE listings SET price_cents = 1000 WHERE id = :id"), {"id": listing})
