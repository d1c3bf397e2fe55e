"""The days to dispute that a buyer has read of are those that it gets, however it buys."""

from datetime import datetime

import pytest

from tests.factories.leads import make_lead, make_listing
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing, purchase


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(api):
    person = make_person("buyer")
    fund(person.who, 500_00)
    return api(person)


@pytest.fixture
def listing(agency):
    return open_listing(agency, window_days=14)


@pytest.fixture
def leads(agency, listing):
    sent = agency.post(f"/listings/{listing}/leads", [make_lead() for _ in range(4)])
    return [item["id"] for item in sent["items"]]


def days(buyer, order):
    told = buyer.get(f"/orders/{order}")
    return (datetime.fromisoformat(told["dispute_until"]) - datetime.fromisoformat(told["placed_at"])).days


def test_a_window_made_shorter_holds_for_who_buys_a_day_later(agency, buyer, listing, leads, later):
    for window in (10, 3):
        assert agency.patch(f"/listings/{listing}", {"window_days": window}).status == 200
    assert days(buyer, buy(buyer, leads[0])) == 14
    basket = {"lead_ids": leads[1:3], "max_total": {"amount": 50_00, "currency": "USD"}}
    assert [days(buyer, item["order"]["id"]) for item in buyer.post("/orders", basket)["items"]] == [14, 14]
    later(hours=25)
    assert days(buyer, buy(buyer, leads[3])) == 3


def test_a_window_made_longer_holds_at_once(agency, buyer):
    listing = open_listing(agency, window_days=3)
    sent = agency.post(f"/listings/{listing}/leads", [make_lead(), make_lead()])["items"]
    agency.patch(f"/listings/{listing}", {"window_days": 14})
    assert days(buyer, buy(buyer, sent[0]["id"])) == 14
    agency.patch(f"/listings/{listing}", {"window_days": 4})
    agency.patch(f"/listings/{listing}", {"window_days": 5})
    assert days(buyer, buy(buyer, sent[1]["id"])) == 14


def test_what_nobody_could_read_promises_nothing(agency, buyer):
    draft = agency.post("/listings", make_listing(window_days=14))["id"]
    for change in ({"window_days": 3}, {"state": "active"}):
        agency.patch(f"/listings/{draft}", change)
    lead = agency.post(f"/listings/{draft}/leads", make_lead())["items"][0]["id"]
    assert days(buyer, buyer.post("/orders", purchase(lead))["id"]) == 3
