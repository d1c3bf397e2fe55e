"""The whole life of a lead through the API, with a moving clock and the real payment client."""

import io
import json

import pytest

from marketplace.insights import run_checks
from tests.factories.leads import make_lead, make_listing
from tests.factories.people import make_person

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def world(app, api):
    """An agency, a buyer and staff, each with a script."""
    return {kind: api(make_person(kind)) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def top_up(gateway, run_jobs):
    """Pay with a card on the checkout page, and let the news arrive."""

    def pay(buyer, cents):
        asked = buyer.post("/wallet/top-ups", {"amount": {"amount": cents, "currency": "USD"}})
        assert asked.status == 201, asked.body
        assert gateway.pay(asked["checkout_url"]) == 303
        gateway.deliver()
        run_jobs()
        return asked["id"]

    return pay


def on_sale(agency, *leads, **terms):
    listing = agency.post("/listings", make_listing(**terms))
    assert agency.patch(f"/listings/{listing['id']}", {"state": "active"})["state"] == "active"
    sent = agency.post(f"/listings/{listing['id']}/leads", list(leads))
    assert [item["status"] for item in sent["items"]] == ["accepted"] * len(leads), sent.body
    return [item["id"] for item in sent["items"]]


def buy(buyer, lead_id):
    masked = buyer.get(f"/catalog/leads/{lead_id}")
    bought = buyer.post("/orders", {"lead_id": lead_id, "quoted_price": masked["price"]})
    assert bought.status == 201, bought.body
    return bought["id"]


def everything_holds():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds} == {}


def test_a_lead_is_sent_seen_masked_paid_for_and_read(world, top_up):
    agency, buyer = world["agency"], world["buyer"]
    lead = make_lead(answers={"subject": "welding with Marek", "start": "now", "budget": 1200})
    listing = agency.post("/listings", make_listing())
    assert listing.status == 201
    assert listing["state"] == "draft"
    assert agency.post(f"/listings/{listing['id']}/leads", lead).code == "listing_not_open"
    agency.patch(f"/listings/{listing['id']}", {"state": "active"})

    bad = make_lead(phone="555", email="nobody@@example")
    sent = agency.post(f"/listings/{listing['id']}/leads", [lead, bad, {**lead, "external_id": "again"}])
    assert sent.status == 201
    assert [item["status"] for item in sent["items"]] == ["accepted", "rejected", "rejected"]
    assert {reason["code"] for reason in sent["items"][1]["reasons"]} >= {"phone_invalid", "email_invalid"}
    assert sent["items"][2]["reasons"][0]["code"] == "duplicate_own"

    lead_id = sent["items"][0]["id"]
    masked = buyer.get(f"/catalog/leads/{lead_id}")
    assert masked.status == 200
    assert masked["answers"] == {"start": "now", "budget": "1000–2500"}
    assert (masked["region"], masked["postal_prefix"], masked["slots_left"]) == ("TX", "787", 1)
    for secret in (lead["email"], lead["phone"], lead["phone"][2:], lead["last_name"], "Marek", "78701"):
        assert secret not in masked.text

    price = masked["price"]
    refused = buyer.post("/orders", {"lead_id": lead_id, "quoted_price": price})
    assert (refused.status, refused.code) == (402, "insufficient_funds")

    top_up(buyer, 10_000)
    assert buyer.get("/wallet")["available"] == 10_000
    bought = buyer.post("/orders", {"lead_id": lead_id, "quoted_price": price})
    assert (bought.status, bought["state"], bought["contact"]) == (201, "held", None)
    assert buyer.get("/wallet").body == {
        "currency": "USD", "available": 7_500, "held": 2_500, "promo": 0, "frozen": 0, "owed": 0,
        "currencies": ["USD"],
    }  # fmt: skip

    contact = buyer.get(f"/orders/{bought['id']}")["contact"]
    assert contact["email"] == lead["email"]
    assert contact["phone_e164"] == lead["phone"]
    assert contact["name"] == "Maria Sandoval"
    assert contact["answers"]["subject"] == "welding with Marek"
    assert contact["consent"]["text"] == "I agree to be contacted."
    assert buyer.get(f"/catalog/leads/{lead_id}").status == 404
    assert agency.get(f"/leads/{lead_id}")["state"] == "sold_out"
    assert everything_holds()


@pytest.mark.parametrize(
    ("outcome", "percent", "back", "left_held", "state"),
    [
        ("upheld", 100, 10_000, 0, "refunded"),
        ("partly_upheld", 25, 2_500, 7_500, "partly_refunded"),
        ("partly_upheld", 50, 5_000, 5_000, "partly_refunded"),
        ("rejected", 0, 0, 10_000, "held"),
    ],
)
def test_staff_decide_and_the_money_follows_to_the_cent(world, top_up, later, outcome, percent, back, left_held, state):
    agency, buyer, staff = world["agency"], world["buyer"], world["staff"]
    (lead_id,) = on_sale(agency, make_lead(), price={"amount": 10_000, "currency": "USD"})
    top_up(buyer, 12_000)
    order_id = buy(buyer, lead_id)

    complaint = {"reason": "not_requested", "statement": "They say they never asked."}
    opened = buyer.post(f"/orders/{order_id}/disputes", complaint)
    assert (opened.status, opened["state"], opened["rules"], opened["outcome"]) == (201, "open", [], None)
    answered = agency.post(f"/disputes/{opened['id']}/answers", {"statement": "Here is the form they sent."})
    assert answered["state"] == "answered"
    assert buyer.get(f"/orders/{order_id}")["state"] == "disputed"

    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "Both sides were heard."}
    decided = staff.post(f"/disputes/{opened['id']}/decisions", verdict)
    assert (decided.status, decided["state"], decided["refund_percent"]) == (201, outcome, percent)
    wallet = buyer.get("/wallet")
    assert (wallet["available"], wallet["held"]) == (2_000 + back, left_held)
    assert buyer.get(f"/orders/{order_id}")["state"] == state
    assert agency.get("/balance")["held_for_you"] == left_held
    assert everything_holds()

    later(days=8)
    fee = left_held // 10
    reserve = (left_held - fee) // 10
    balance = agency.get("/balance")
    assert (balance["payable"], balance["reserve"]) == (left_held - fee - reserve, reserve)
    assert (balance["held_for_you"], balance["payout_inflight"]) == (0, 0)
    assert buyer.get("/wallet")["held"] == 0
    assert everything_holds()

    later(days=61)
    assert agency.get("/balance").body["payable"] == left_held - fee
    assert agency.get("/balance")["reserve"] == 0
    assert everything_holds()


def test_an_undisputed_order_is_released_when_its_window_closes(world, top_up, later):
    agency, buyer = world["agency"], world["buyer"]
    (lead_id,) = on_sale(agency, make_lead(), price={"amount": 10_000, "currency": "USD"})
    top_up(buyer, 10_000)
    order_id = buy(buyer, lead_id)
    later(days=6, hours=23)
    assert buyer.get(f"/orders/{order_id}")["state"] == "held"

    later(hours=2)
    order = buyer.get(f"/orders/{order_id}")
    assert (order["state"], order["held"]["amount"], order["held_until"]) == ("released", 0, None)
    assert agency.get("/balance").body == {
        "currency": "USD", "payable": 8_100, "reserve": 900, "payout_inflight": 0, "held_for_you": 0,
        "currencies": ["USD"],
    }  # fmt: skip
    (line,) = agency.get("/balance/entries")["items"]
    assert (line["kind"], line["amount"], line["balance_after"], line["reference_id"]) == (
        "release", 8_100, 8_100, order_id,
    )  # fmt: skip
    late = buyer.post(f"/orders/{order_id}/disputes", {"reason": "bot", "statement": "It was a program."})
    assert (late.status, late.code) == (409, "window_closed")
    assert everything_holds()


def test_every_cent_of_a_wallet_is_explained_line_by_line(world, top_up):
    agency, buyer, staff = world["agency"], world["buyer"], world["staff"]
    (lead_id,) = on_sale(agency, make_lead())
    top_up_id = top_up(buyer, 5_000)
    order_id = buy(buyer, lead_id)
    dispute = buyer.post(f"/orders/{order_id}/disputes", {"reason": "bot", "statement": "It was a program."})
    agency.post(f"/disputes/{dispute['id']}/answers", {"concede": True})
    lines = buyer.get("/wallet/entries")["items"]
    assert [(line["kind"], line["amount"], line["balance_after"]) for line in lines] == [
        ("refund", 2_500, 5_000),
        ("hold", -2_500, 2_500),
        ("topup", 5_000, 5_000),
    ]
    assert [line["reference_id"] for line in lines] == [order_id, order_id, top_up_id]
    books = staff.get("/ledger/entries", reference_id=order_id)["items"]
    assert [entry["kind"] for entry in books] == ["refund", "hold"]
    assert all(sum(posting["amount"] for posting in entry["postings"]) == 0 for entry in books)


def test_evidence_travels_between_the_parties_and_staff_as_a_download(world, top_up, api):
    agency, buyer, staff = world["agency"], world["buyer"], world["staff"]
    (lead_id,) = on_sale(agency, make_lead())
    top_up(buyer, 5_000)
    order_id = buy(buyer, lead_id)
    form = {"reason": "invalid_phone", "statement": "The line is dead.", "evidence": (io.BytesIO(PNG), "call.png")}
    opened = buyer.post(f"/orders/{order_id}/disputes", form=form)
    assert opened.status == 201, opened.body
    (file,) = opened["evidence"]
    assert (file["by"], file["content_type"], file["size"]) == ("buyer", "image/png", len(PNG))

    log = {"name": "log.txt", "content": "Y2FsbGVkIGF0IG5vb24="}
    more = agency.post(f"/disputes/{opened['id']}/evidence", {"evidence": [log]})
    assert [each["by"] for each in more["evidence"]] == ["buyer", "agency"]
    path = f"/disputes/{opened['id']}/evidence/{file['id']}"
    for person in (agency, buyer, staff):
        got = person.get(path)
        assert got.status == 200
        assert got.headers["Content-Disposition"].startswith("attachment; filename=call.png")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
    stranger = api(make_person("buyer"))
    assert stranger.get(path).status == 404
    assert buyer.post(f"/disputes/{opened['id']}/withdrawal")["state"] == "withdrawn"
    assert buyer.get(f"/orders/{order_id}")["state"] == "held"


def test_a_payment_that_comes_twice_or_too_early_is_credited_once(world, gateway, run_jobs):
    buyer = world["buyer"]
    asked = buyer.post("/wallet/top-ups", {"amount": {"amount": 3_000, "currency": "USD"}})
    assert gateway.pay(asked["checkout_url"], "4000 0000 0000 9995") == 402
    assert gateway.pay(asked["checkout_url"]) == 303
    gateway.deliver()
    run_jobs()
    for event in list_events(gateway):
        gateway.sender.resend(event)
    gateway.deliver()
    run_jobs()
    assert buyer.get("/wallet")["available"] == 3_000
    assert buyer.get(f"/wallet/top-ups/{asked['id']}")["state"] == "succeeded"
    assert everything_holds()


def list_events(gateway):
    from marketplace.stripe_emulator.world import world_of

    with world_of(gateway.app).store.transaction() as rows:
        found = rows.rows("SELECT body FROM objects")
    return [body["id"] for body in (json.loads(row["body"]) for row in found) if body["object"] == "event"]
