"""The same request twice is done once and answered alike, one after the other and at the same time."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from marketplace.kit.db import session, transaction
from marketplace.leads import Lead
from marketplace.orders import Order
from tests.factories.leads import make_lead, make_listing
from tests.factories.money import fund, funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing, purchase, put_on_sale


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def person():
    return funded_buyer(100_000)


@pytest.fixture
def buyer(api, person):
    return api(person)


def count(table):
    with transaction():
        return session().scalar(select(func.count()).select_from(table))


def test_a_purchase_repeated_with_its_key_is_one_order(agency, buyer):
    (lead_id,) = put_on_sale(agency)
    first = buyer.post("/orders", purchase(lead_id), idem="one")
    again = buyer.post("/orders", purchase(lead_id), idem="one")
    assert (first.status, first.body) == (again.status, again.body)
    assert buyer.get("/wallet")["held"] == 2_500
    other = buyer.post("/orders", purchase(lead_id, 2_600), idem="one")
    assert (other.status, other.code) == (409, "idempotency_conflict")
    without = buyer.post("/orders", purchase(lead_id), idem="two")
    assert (without.status, without.code) == (409, "already_bought")


def test_a_refused_act_frees_its_key(agency, buyer):
    (lead_id,) = put_on_sale(agency)
    assert buyer.post("/orders", purchase(lead_id, 1), idem="k").code == "price_changed"
    assert buyer.post("/orders", purchase(lead_id), idem="k").status == 201


def test_the_same_key_of_two_organisations_are_two_keys(api, agency, buyer):
    other = make_person("buyer")
    fund(other.who, 10_000)
    first, second = put_on_sale(agency, count=2)
    assert buyer.post("/orders", purchase(first), idem="same").status == 201
    assert api(other).post("/orders", purchase(second), idem="same").status == 201


def test_several_leads_repeated_with_their_key_have_the_same_results(agency, buyer):
    leads = [*put_on_sale(agency, count=2), "01900000-0000-7000-8000-000000000000"]
    body = {"lead_ids": leads, "max_total": {"amount": 5_000, "currency": "USD"}}
    first = buyer.post("/orders", body, idem="many")
    assert first.status == 201
    assert [bool(item["order"]) for item in first["items"]] == [True, True, False]
    assert first["items"][2]["error"]["code"] == "not_found"
    again = buyer.post("/orders", body, idem="many")
    assert (again.status, again.body) == (201, first.body)
    assert count(Order) == 2
    everything = {**body, "all_or_nothing": True}
    assert buyer.post("/orders", everything, idem="many").code == "idempotency_conflict"


def test_leads_repeated_with_their_key_have_the_same_results_and_reasons(agency):
    listing = open_listing(agency)
    body = [make_lead(), make_lead(phone="555", email="nobody@@example"), {"unknown": 1}]
    first = agency.post(f"/listings/{listing}/leads", body, idem="batch")
    assert [item["status"] for item in first["items"]] == ["accepted", "rejected", "rejected"]
    again = agency.post(f"/listings/{listing}/leads", body, idem="batch")
    assert (again.status, again.body) == (first.status, first.body)
    assert count(Lead) == 1
    changed = agency.post(f"/listings/{listing}/leads", body[:2], idem="batch")
    assert (changed.status, changed.code) == (409, "idempotency_conflict")


def test_every_other_act_may_be_repeated_too(api, agency, buyer):
    staff = api(make_person("staff"))
    listing = agency.post("/listings", make_listing(), idem="listing")
    assert agency.post("/listings", make_listing(), idem="listing")["id"] == listing["id"]
    (lead_id,) = put_on_sale(agency)
    order = buy(buyer, lead_id)
    words = {"reason": "bot", "statement": "It was a program."}
    dispute = buyer.post(f"/orders/{order}/disputes", words, idem="d")
    assert buyer.post(f"/orders/{order}/disputes", words, idem="d").body == dispute.body
    said = {"statement": "It was a person."}
    answer = agency.post(f"/disputes/{dispute['id']}/answers", said, idem="a")
    assert agency.post(f"/disputes/{dispute['id']}/answers", said, idem="a").body == answer.body
    verdict = {"outcome": "partly_upheld", "refund_percent": 50, "reasoning": "Both have a point."}
    decided = staff.post(f"/disputes/{dispute['id']}/decisions", verdict, idem="v")
    assert staff.post(f"/disputes/{dispute['id']}/decisions", verdict, idem="v").body == decided.body
    assert staff.post(f"/disputes/{dispute['id']}/decisions", verdict).code == "dispute_closed"
    assert buyer.get("/wallet")["available"] == 100_000 - 1_250


def test_a_form_with_a_file_is_the_same_request_whatever_its_boundary(agency, buyer):
    (lead_id,) = put_on_sale(agency)
    order = buy(buyer, lead_id)

    def form(content=b"a call log"):
        return {"reason": "bot", "statement": "It was a program.", "evidence": (io.BytesIO(content), "log.txt")}

    first = buyer.post(f"/orders/{order}/disputes", form=form(), idem="f")
    again = buyer.post(f"/orders/{order}/disputes", form=form(), idem="f")
    assert (first.status, again.body) == (201, first.body)
    other = buyer.post(f"/orders/{order}/disputes", form=form(b"another log"), idem="f")
    assert (other.status, other.code) == (409, "idempotency_conflict")


def test_a_top_up_repeated_with_its_key_is_one_checkout(buyer, gateway):
    body = {"amount": {"amount": 3_000, "currency": "USD"}}
    first = buyer.post("/wallet/top-ups", body, idem="t")
    again = buyer.post("/wallet/top-ups", body, idem="t")
    assert (first.status, again.body) == (201, first.body)
    assert again["checkout_url"].startswith("http://127.0.0.1")


@pytest.mark.parametrize("path", ["one", "many", "leads", "listing"])
def test_twins_sent_at_the_same_time_get_the_same_answer(agency, buyer, path):
    listing = open_listing(agency)
    (lead_id,) = put_on_sale(agency)
    total = {"amount": 2_500, "currency": "USD"}
    sender, address, body = {
        "one": (buyer, "/orders", purchase(lead_id)),
        "many": (buyer, "/orders", {"lead_ids": [lead_id], "max_total": total}),
        "leads": (agency, f"/listings/{listing}/leads", [make_lead()]),
        "listing": (agency, "/listings", make_listing()),
    }[path]
    start = threading.Barrier(6)

    def send(_n):
        start.wait()
        return sender.post(address, body, idem="twin")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {answer.status for answer in answers} == {201}
    assert all(answer.body == answers[0].body for answer in answers)
