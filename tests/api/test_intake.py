"""Leads sent by a script, and what an agency sees of them afterwards."""

import pytest

from tests.factories.leads import make_lead, make_listing
from tests.factories.people import make_person
from tests.factories.story import open_listing, put_on_sale


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


def test_one_lead_as_an_object_has_one_result(agency):
    listing = open_listing(agency)
    sent = agency.post(f"/listings/{listing}/leads", make_lead())
    assert sent.status == 201
    assert [(item["index"], item["status"]) for item in sent["items"]] == [(0, "accepted")]
    refused = agency.post(f"/listings/{listing}/leads", {"first_name": "Maria"})
    assert refused.status == 200
    assert {reason["code"] for reason in refused["items"][0]["reasons"]} >= {"missing_contact", "consent_missing"}


def test_each_reason_names_its_field_and_says_it_in_words(agency):
    listing = open_listing(agency, vertical="home_services")
    lead = make_lead(answers={"service": "spaceflight", "nonsense": 1})
    item = agency.post(f"/listings/{listing}/leads", [lead])["items"][0]
    assert item["reasons"] == [
        {"code": "field_invalid", "field": "answers.nonsense", "message": "This field is not known here."}
    ]
    missing = agency.post(f"/listings/{listing}/leads", [make_lead()])["items"][0]
    assert ("field_missing", "answers.service") in {(each["code"], each["field"]) for each in missing["reasons"]}
    for reason in missing["reasons"]:
        assert reason["message"].endswith(".")


@pytest.mark.parametrize("stated", ["gb", "UK", "GBR", "United Kingdom", " Vereinigtes Königreich "])
def test_a_country_is_read_as_files_are_read(agency, stated):
    (lead_id,) = put_on_sale(agency, make_lead(country=stated, phone="020 7946 1234"))
    lead = agency.get(f"/leads/{lead_id}")
    assert lead["country"] == "GB"
    assert {finding["check"] for finding in lead["findings"]} & {"phone", "phone_place", "country"} == set()


def test_what_is_no_country_is_said_and_the_lead_is_taken(agency):
    sent = agency.post(f"/listings/{open_listing(agency)}/leads", make_lead(country="Narnia"))["items"][0]
    assert (sent["status"], [reason["field"] for reason in sent["reasons"]]) == ("accepted", ["country"])
    assert agency.get(f"/leads/{sent['id']}")["country"] == "US"


def test_an_answer_may_stand_beside_the_fields(agency):
    listing = open_listing(agency, vertical="home_services")
    sent = agency.post(f"/listings/{listing}/leads", make_lead(service="roof repair", owns_home=True))
    lead = agency.get(f"/leads/{sent['items'][0]['id']}")
    assert lead["preview"] == {"service": "roofing", "owns_home": True}


def test_the_same_person_from_another_agency_is_taken_like_any_other(api, agency):
    lead = make_lead()
    put_on_sale(agency, lead)
    put_on_sale(api(make_person("agency")), lead)
    again = agency.post(f"/listings/{open_listing(agency)}/leads", lead)["items"][0]
    assert again["reasons"][0]["code"] == "duplicate_own"


def test_a_listing_that_is_not_open_takes_nothing(agency):
    draft = agency.post("/listings", make_listing())["id"]
    assert agency.post(f"/listings/{draft}/leads", make_lead()).code == "listing_not_open"
    paused = open_listing(agency)
    agency.patch(f"/listings/{paused}", {"state": "paused"})
    assert agency.post(f"/listings/{paused}/leads", make_lead()).code == "listing_not_open"


def test_an_agency_sees_its_leads_without_the_person(agency):
    lead = make_lead(campaign="autumn", sub_id="s-1")
    (lead_id,) = put_on_sale(agency, lead)
    found = agency.get(f"/leads/{lead_id}")
    assert (found["campaign"], found["sub_id"], found["external_id"]) == ("autumn", "s-1", lead["external_id"])
    assert {check["check"] for check in found["checks"]} >= {"phone", "email", "consent"}
    assert lead["email"] not in found.text
    assert lead["phone"] not in found.text


def test_a_withdrawn_lead_leaves_the_catalogue(api, agency):
    buyer = api(make_person("buyer"))
    (lead_id,) = put_on_sale(agency)
    assert buyer.get(f"/catalog/leads/{lead_id}").status == 200
    assert agency.post(f"/leads/{lead_id}/withdrawal")["state"] == "withdrawn"
    assert buyer.get(f"/catalog/leads/{lead_id}").status == 404
    assert agency.get("/leads", state="withdrawn")["items"][0]["id"] == lead_id


def test_lists_are_walked_page_by_page_without_loss_or_double(agency):
    listing = open_listing(agency)
    agency.post(f"/listings/{listing}/leads", [make_lead() for _ in range(7)])
    put_on_sale(agency)
    seen, cursor = [], None
    while True:
        query = {"cursor": cursor} if cursor else {}
        page = agency.get("/leads", listing_id=listing, limit=3, **query)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_a_change_of_terms_after_opening_makes_a_version_and_fixed_terms_stay(agency):
    listing = open_listing(agency)
    changed = agency.patch(f"/listings/{listing}", {"price": {"amount": 3_000, "currency": "USD"}})
    assert (changed["version"], changed["price"]) == (2, {"amount": 3_000, "currency": "USD"})
    refused = agency.patch(f"/listings/{listing}", {"price": {"amount": 3_000, "currency": "EUR"}})
    assert (refused.status, refused.code) == (409, "fixed_term")
    assert agency.patch(f"/listings/{listing}", {"vertical": "insurance"}).status == 422
    archived = agency.patch(f"/listings/{listing}", {"state": "archived"})
    assert archived["state"] == "archived"
    assert [item["id"] for item in agency.get("/listings", state="archived")["items"]] == [listing]
