"""The lives of a lead that is paid by the sale, through the API and with a moving clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from marketplace.insights import run_checks
from marketplace.kit.db import transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.orders.sales.report import Report
from marketplace.orders.sales.report import report as tell
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.sales import acquire, agreement, flat, offer, percent, report, usd
from tests.factories.story import put_on_sale


@pytest.fixture
def people(app):
    return {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def agency(people, api):
    return api(people["agency"])


@pytest.fixture
def staff(people, api):
    return api(people["staff"])


@pytest.fixture
def buyer(people, api):
    return api(people["buyer"])


@pytest.fixture
def money(people):
    """Put money into the buyer's wallet."""
    return lambda cents: fund(people["buyer"].who, cents)


def state(somebody, order_id):
    return somebody.get(f"/orders/{order_id}")["state"]


def wallet(buyer):
    found = buyer.get("/wallet")
    return found["available"], found["held"]


def earned(agency):
    found = agency.get("/balance")
    return found["payable"], found["reserve"], found["held_for_you"]


def broken():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def test_a_lead_is_acquired_for_a_deposit_and_its_terms_are_seen_before(agency, buyer, money):
    (lead_id,) = offer(agency, percent(repeat_months=6, instalments=3))
    money(100_00)
    seen = buyer.get(f"/catalog/leads/{lead_id}")
    assert (seen["pricing"], seen["price"], seen["terms_version"]) == ("per_sale", usd(20_00), 1)
    terms = seen["commission"]
    assert (terms["kind"], terms["rate_bp"], terms["expected"], terms["repeat_months"]) == (
        "percent", 1_200, usd(100_00), 6,
    )  # fmt: skip
    bought = buyer.post("/orders", agreement(buyer, lead_id))
    assert (bought.status, bought["state"], bought["pricing"]) == (201, "acquired", "per_sale")
    assert (bought["price"], bought["held"], bought["sales"]["deposit"]) == (usd(20_00), usd(20_00), usd(20_00))
    assert wallet(buyer) == (80_00, 20_00)
    assert earned(agency) == (0, 0, 0)  # a deposit is the buyer's
    assert buyer.get(f"/orders/{bought['id']}")["contact"]["name"] == "Maria Sandoval"
    assert buyer.get("/wallet/entries")["items"][0]["kind"] == "deposit"
    assert broken() == {}


def test_a_reported_sale_is_agreed_by_silence_paid_held_and_released(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(200_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 1_000_00, reference="INV-1")
    assert (sale.status, sale["state"], sale["commission"], sale["paid"]) == (201, "reported", usd(120_00), usd(0))
    assert state(buyer, order_id) == state(agency, order_id) == "reported"

    later(hours=71)
    assert state(buyer, order_id) == "reported"
    later(hours=2)
    agreed = buyer.get(f"/sales/{sale['id']}")
    assert (agreed["state"], agreed["paid"], agreed["held"], agreed["due"]) == (
        "held", usd(120_00), usd(120_00), usd(0),
    )  # fmt: skip
    assert state(buyer, order_id) == "held"
    assert wallet(buyer) == (80_00, 120_00)  # 20.00 came from the deposit
    assert earned(agency) == (0, 0, 120_00)
    assert broken() == {}

    later(days=27)
    assert state(buyer, order_id) == "released"
    assert earned(agency) == (97_20, 10_80, 0)  # fee 12.00, reserve 10 % of the rest
    assert wallet(buyer) == (80_00, 0)
    later(days=61)
    assert earned(agency) == (108_00, 0, 0)
    assert [line["kind"] for line in agency.get("/balance/entries")["items"]] == ["reserve_release", "release"]
    assert broken() == {}


def test_eight_sales_of_twenty_leads(agency, buyer, money, later):
    leads = offer(agency, flat(50_00), count=20)
    money(1_000_00)
    orders = [acquire(buyer, lead_id) for lead_id in leads]
    assert wallet(buyer) == (800_00, 200_00)
    for order_id in orders[:8]:
        assert report(buyer, order_id, 400_00).status == 201
    for order_id in orders[8:]:
        assert buyer.post(f"/orders/{order_id}/no-sale", {"reason": "not_interested"}).status == 201
    later(hours=73)
    assert wallet(buyer) == (600_00, 400_00)  # 8 x 50.00, the deposits of the other twelve are back
    states = [order["state"] for order in buyer.get("/orders", limit=50)["items"]]
    assert (states.count("held"), states.count("closed_no_sale")) == (8, 12)
    assert len(states) / states.count("held") == 2.5  # 40 % became customers
    assert broken() == {}
    later(days=31)
    assert earned(agency) == (324_00, 36_00, 0)
    assert len(buyer.get("/sales", state="released")["items"]) == 8
    assert broken() == {}


def test_the_agency_contests_and_staff_say_what_it_came_to(agency, buyer, staff, money):
    (lead_id,) = offer(agency)
    money(300_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 100_00)
    assert agency.post(f"/sales/{sale['id']}/answers", {"accept": False}).code == "invalid"
    contested = agency.post(f"/sales/{sale['id']}/answers", {"accept": False, "statement": "The contract says 1,500."})
    assert (contested.status, contested["state"]) == (201, "contested")
    assert (
        buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(1), "reason": "a typo"}).code == "sale_contested"
    )
    (waiting,) = staff.get("/audits")["items"]
    assert (waiting["order_id"], waiting["sales"][0]["contest"]) == (order_id, "The contract says 1,500.")

    verdict = {"amount": usd(1_500_00), "reasoning": "The signed contract says so."}
    assert buyer.post(f"/sales/{sale['id']}/decisions", verdict).status == 403
    decided = staff.post(f"/sales/{sale['id']}/decisions", verdict)
    assert (decided.status, decided["state"], decided["commission"], decided["paid"]) == (
        201, "held", usd(180_00), usd(180_00),
    )  # fmt: skip
    assert wallet(buyer) == (120_00, 180_00)
    assert staff.get("/audits")["items"] == []
    assert staff.post(f"/sales/{sale['id']}/decisions", verdict).code == "not_in_audit"
    assert broken() == {}


def test_staff_find_that_a_contested_report_was_none(agency, buyer, staff, money):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 100_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": False, "statement": "We know of none."})
    decided = staff.post(f"/sales/{sale['id']}/decisions", {"amount": usd(0), "reasoning": "Reported by mistake."})
    assert decided["state"] == "void"
    assert state(buyer, order_id) == "acquired"
    assert report(buyer, order_id, 100_00).status == 201  # its name is free again
    assert broken() == {}


def test_an_agency_agrees_at_once(agency, buyer, money):
    (lead_id,) = offer(agency)
    money(200_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 500_00)
    for _twice in range(2):
        agreed = agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
        assert (agreed.status, agreed["state"], agreed["paid"]) == (201, "held", usd(60_00))
    late = agency.post(f"/sales/{sale['id']}/answers", {"accept": False, "statement": "Thought again."})
    assert (late.status, late.code) == (409, "answer_over")


def test_a_commission_below_the_deposit_gives_the_rest_of_it_back(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(20_00)
    order_id = acquire(buyer, lead_id)
    report(buyer, order_id, 50_00)
    later(hours=73)
    assert wallet(buyer) == (14_00, 6_00)
    assert [line["kind"] for line in buyer.get("/wallet/entries")["items"]] == ["deposit_return", "deposit", "topup"]
    assert state(buyer, order_id) == "held"
    assert broken() == {}


def test_an_empty_wallet_pays_what_it_has_and_stops_buying_until_the_rest_is_paid(agency, buyer, money, later):
    lead_id, *others = offer(agency, count=3)
    money(70_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 1_000_00)
    later(hours=73)
    found = buyer.get(f"/sales/{sale['id']}")
    assert (found["state"], found["paid"], found["due"]) == ("commission_due", usd(70_00), usd(50_00))
    assert wallet(buyer) == (0, 70_00)
    assert state(agency, order_id) == "commission_due"
    assert broken() == {}

    later(days=6, hours=23)
    money(20_00)
    assert buyer.post("/orders", agreement(buyer, others[0])).status == 201  # there is still an hour left
    later(hours=2)
    money(45_00)
    refused = buyer.post("/orders", agreement(buyer, others[1]))
    assert (refused.status, refused.code) == (402, "commission_due")
    (for_a_price,) = offer_for_a_price(agency)
    refused = buyer.post("/orders", {"lead_id": for_a_price, "quoted_price": usd(25_00)})
    assert (refused.status, refused.code) == (402, "commission_due")
    later(minutes=1)
    assert buyer.get(f"/sales/{sale['id']}")["due"] == usd(5_00)
    refused = buyer.post("/orders", {"lead_id": for_a_price, "quoted_price": usd(25_00)})
    assert (refused.status, refused.code) == (402, "commission_due")

    money(30_00)
    later(minutes=1)
    assert buyer.get(f"/sales/{sale['id']}")["state"] == "held"
    assert buyer.post("/orders", {"lead_id": for_a_price, "quoted_price": usd(25_00)}).status == 201
    assert broken() == {}


def offer_for_a_price(agency):
    return put_on_sale(agency, make_lead(), price=usd(25_00))


def test_what_is_due_is_paid_by_hand_too(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(20_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 500_00)
    later(hours=73)
    assert buyer.get(f"/orders/{order_id}")["sales"]["due"] == usd(40_00)
    money(30_00)
    assert buyer.post(f"/sales/{sale['id']}/payments")["due"] == usd(10_00)
    assert wallet(buyer)[0] == 0
    money(30_00)
    for _twice in range(2):
        assert buyer.post(f"/sales/{sale['id']}/payments")["state"] == "held"
    assert wallet(buyer)[0] == 20_00
    assert broken() == {}


def test_a_commission_is_paid_in_monthly_parts(agency, buyer, money, later, clock):
    (lead_id,) = offer(agency, percent(instalments=3))
    money(200_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 833_39)  # 100.01 of commission: 33.34, 33.33, 33.34
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    found = buyer.get(f"/sales/{sale['id']}")
    assert [part["amount"]["amount"] for part in found["parts"]] == [33_34, 33_33, 33_34]
    assert (found["state"], found["paid"], found["due"]) == ("commission_due", usd(33_34), usd(0))
    assert wallet(buyer) == (166_66, 33_34)
    later(days=32)
    found = buyer.get(f"/sales/{sale['id']}")
    assert (found["paid"], found["held"]) == (usd(66_67), usd(0))  # the time for returns is over
    later(days=31)
    assert buyer.get(f"/sales/{sale['id']}")["state"] == "released"
    assert wallet(buyer) == (99_99, 0)
    payable, reserve, held = earned(agency)
    assert (payable + reserve, held) == (90_01, 0)  # 100.01 less a fee of 10.00, whatever the parts were
    later(days=61)
    assert earned(agency) == (90_01, 0, 0)
    assert broken() == {}


def test_the_customer_gives_everything_back_in_the_last_second(agency, buyer, money, clock, later):
    (lead_id,) = offer(agency)
    money(200_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 1_000_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    clock.advance(days=29, hours=23, minutes=59, seconds=50)
    half = buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(500_00), "reason": "Half was returned."})
    assert (half.status, half["state"], half["paid"], half["commission"]) == (201, "held", usd(60_00), usd(60_00))
    back = buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(0), "reason": "All was returned."})
    assert (back.status, back["state"], back["held"]) == (201, "reversed", usd(0))
    assert wallet(buyer) == (200_00, 0)
    assert state(agency, order_id) == "reversed"
    later(days=1)
    assert earned(agency) == (0, 0, 0)
    assert broken() == {}


def test_after_the_time_for_returns_nothing_comes_back_but_more_is_taken(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(300_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 1_000_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    later(days=30, seconds=1)
    assert state(buyer, order_id) == "released"
    less = buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(900_00), "reason": "A discount."})
    assert (less.status, less.code) == (409, "reversal_over")
    more = buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(1_100_00), "reason": "An extra."})
    assert (more["state"], more["commission"], more["held"]) == ("held", usd(132_00), usd(12_00))
    later(minutes=1)
    assert state(buyer, order_id) == "released"
    assert earned(agency) == (106_92, 11_88, 0)  # as if the 132.00 had been released at once
    assert broken() == {}


def test_the_agency_contests_a_return_and_gets_its_commission_back(agency, buyer, staff, money, later):
    (lead_id,) = offer(agency)
    money(200_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 1_000_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(0), "reason": "All was returned."})
    contest = {"accept": False, "statement": "The customer still has it."}
    assert agency.post(f"/sales/{sale['id']}/answers", contest)["state"] == "contested"
    assert state(buyer, order_id) == "reported"
    verdict = {"amount": usd(1_000_00), "reasoning": "The customer says so too."}
    assert staff.post(f"/sales/{sale['id']}/decisions", verdict)["state"] == "held"
    assert wallet(buyer) == (80_00, 120_00)
    assert broken() == {}


def test_a_repeat_sale_after_months_and_one_too_late(agency, buyer, money, clock, later):
    (lead_id,) = offer(agency, flat(30_00, repeat_months=6))
    money(200_00)
    order_id = acquire(buyer, lead_id)
    too_soon = report(buyer, order_id, 100_00, repeat=True)
    assert (too_soon.status, too_soon.body["error"]["fields"].keys()) == (422, {"repeat"})
    first = report(buyer, order_id, 100_00, reference="A-1", repeat=False)
    assert report(buyer, order_id, 100_00, reference="A-1")["id"] == first["id"]
    later(days=40)
    assert state(buyer, order_id) == "released"
    second = report(buyer, order_id, 100_00, reference="A-2", repeat=False)
    assert second.code == "first_sale_known"
    later(days=100)
    second = report(buyer, order_id, 250_00, reference="A-2")
    assert (second["repeat"], second["state"]) == (True, "reported")
    assert state(buyer, order_id) == "reported"
    later(hours=73)
    assert state(buyer, order_id) == "held"
    later(days=31)
    assert state(buyer, order_id) == "released"
    later(days=10)
    third = report(buyer, order_id, 250_00, reference="A-3")
    assert (third.status, third.code) == (409, "repeat_over")
    assert wallet(buyer) == (140_00, 0)
    assert broken() == {}


def test_without_repeat_sales_only_the_first_counts(agency, buyer, money, later):
    (lead_id,) = offer(agency, flat(30_00))
    money(100_00)
    order_id = acquire(buyer, lead_id)
    report(buyer, order_id, 100_00, reference="A-1")
    assert report(buyer, order_id, 100_00, reference="A-2").code == "repeat_over"


def test_the_same_reference_with_other_facts_is_refused(agency, buyer, money):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    report(buyer, order_id, 100_00, reference="A-1")
    assert report(buyer, order_id, 99_00, reference="A-1").code == "sale_differs"


def test_two_currencies_are_refused(agency, buyer, money):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    euros = {"amount": 100_00, "currency": "EUR"}
    refused = buyer.post(f"/orders/{order_id}/sales", {"amount": euros})
    assert (refused.status, refused.body["error"]["fields"]) == (422, {"amount": "This order is in USD."})
    sale = report(buyer, order_id, 100_00)
    assert buyer.post(f"/sales/{sale['id']}/corrections", {"amount": euros, "reason": "in euros"}).status == 422


def test_two_reports_at_once_are_one_sale(app, agency, buyer, people, money):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)

    def once(_number):
        with app.app_context(), transaction():
            return tell(people["buyer"].who, order_id, Report(Money(100_00, "USD"), reference="A-1"), via="page").id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(once, range(12)))) == 1
    assert len(buyer.get("/sales")["items"]) == 1
    assert broken() == {}


def test_no_sale_is_claimed_agreed_by_silence_and_the_deposit_is_back(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(20_00)
    order_id = acquire(buyer, lead_id)
    for _twice in range(2):
        claimed = buyer.post(f"/orders/{order_id}/no-sale", {"reason": "price", "note": "Too dear."})
        assert (claimed.status, claimed["state"], claimed["sales"]["no_sale"]) == (201, "no_sale_claimed", "price")
    assert wallet(buyer) == (0, 20_00)
    later(hours=73)
    assert (state(buyer, order_id), wallet(buyer)) == ("closed_no_sale", (20_00, 0))
    assert buyer.post(f"/orders/{order_id}/no-sale", {"reason": "price"}).code == "no_claim_now"
    assert broken() == {}


def test_a_customer_who_comes_later_is_still_reported(agency, buyer, money, later):
    (lead_id,) = offer(agency, flat(50_00))
    money(100_00)
    order_id = acquire(buyer, lead_id)
    buyer.post(f"/orders/{order_id}/no-sale", {"reason": "not_reached"})
    later(hours=73)
    sale = report(buyer, order_id, 100_00)
    assert state(buyer, order_id) == "reported"
    back = buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(0), "reason": "not this one"})
    assert (back["state"], state(buyer, order_id)) == ("void", "closed_no_sale")
    report(buyer, order_id, 100_00)
    later(hours=73)
    assert (state(buyer, order_id), wallet(buyer)) == ("held", (50_00, 50_00))
    assert broken() == {}


@pytest.mark.parametrize(("outcome", "ends", "left"), [("no_sale", "closed_no_sale", 100_00), ("sale", "held", 40_00)])
def test_a_contested_claim_is_audited(agency, buyer, staff, money, outcome, ends, left):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    buyer.post(f"/orders/{order_id}/no-sale", {"reason": "price"})
    contest = {"statement": "The person told us that they bought."}
    for _twice in range(2):
        assert agency.post(f"/orders/{order_id}/no-sale/contests", contest)["state"] == "audit"
    assert staff.get(f"/audits/{order_id}")["contest"] == contest["statement"]
    verdict = {"outcome": outcome, "reasoning": "The person was called."}
    assert staff.post(f"/audits/{order_id}/decisions", verdict).status == (201 if outcome == "no_sale" else 422)
    if outcome == "sale":
        assert staff.post(f"/audits/{order_id}/decisions", {**verdict, "amount": usd(500_00)}).status == 201
    assert state(buyer, order_id) == ends
    assert wallet(buyer)[0] == left
    assert staff.post(f"/audits/{order_id}/decisions", {**verdict, "amount": usd(1)}).code == "not_in_audit"
    assert broken() == {}


def test_a_claim_cannot_be_contested_when_the_time_is_over(agency, buyer, money, clock):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    buyer.post(f"/orders/{order_id}/no-sale", {"reason": "price"})
    clock.advance(hours=72, seconds=1)
    late = agency.post(f"/orders/{order_id}/no-sale/contests", {"statement": "There was one."})
    assert (late.status, late.code) == (409, "answer_over")


def test_a_report_that_does_not_come_is_reminded_overdue_and_audited(agency, buyer, staff, people, money, later):
    first, second = offer(agency, count=2)
    priced = offer_for_a_price(agency)
    money(100_00)
    order_id = acquire(buyer, first)
    seen = []
    for days in (29, 2, 30, 20, 8):  # the 29th, 31st, 61st, 81st and 89th day
        later(days=days)
        seen.append([event for event in staff.get("/audit", subject_id=order_id)["items"] if "report" in event["name"]])
    assert [len(events) for events in seen] == [0, 1, 2, 3, 3]
    assert state(buyer, order_id) == "acquired"
    later(days=2)
    assert state(buyer, order_id) == "overdue"

    fresh = offer(agency, count=1)
    refused = buyer.post("/orders", agreement(buyer, fresh[0]))
    assert (refused.status, refused.code) == (403, "reports_overdue")
    priced = offer_for_a_price(agency)
    assert buyer.post("/orders", {"lead_id": priced[0], "quoted_price": usd(25_00)}).status == 201
    later(days=7)
    assert state(buyer, order_id) == "audit"
    assert [each["order_id"] for each in staff.get("/audits")["items"]] == [order_id]
    assert buyer.post("/orders", agreement(buyer, fresh[0])).code == "reports_overdue"

    told = buyer.post(f"/orders/{order_id}/no-sale", {"reason": "not_reached", "note": "Nobody answered."})
    assert (told.status, told["state"]) == (201, "audit")  # staff have it, and decide
    assert staff.get(f"/audits/{order_id}")["note"] == "Nobody answered."
    staff.post(f"/audits/{order_id}/decisions", {"outcome": "no_sale", "reasoning": "The call log says so."})
    assert state(buyer, order_id) == "closed_no_sale"
    assert buyer.post("/orders", agreement(buyer, fresh[0])).status == 201
    assert second
    assert broken() == {}


def test_a_late_report_ends_the_audit(agency, buyer, staff, money, later):
    (lead_id,) = offer(agency)
    (fresh,) = offer(agency)
    money(200_00)
    order_id = acquire(buyer, lead_id)
    later(days=91)
    later(days=8)
    assert state(buyer, order_id) == "audit"
    assert report(buyer, order_id, 500_00).status == 201
    assert staff.get("/audits")["items"] == []
    (fresh,) = offer(agency)
    assert buyer.post("/orders", agreement(buyer, fresh)).status == 201
    later(hours=73)
    assert state(buyer, order_id) == "held"
    assert broken() == {}


def test_a_report_that_is_taken_back_is_awaited_again(agency, buyer, money, later):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    later(days=91)
    sale = report(buyer, order_id, 100_00)
    buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(0), "reason": "It was another lead."})
    assert state(buyer, order_id) == "acquired"
    later(minutes=1)
    assert state(buyer, order_id) == "overdue"
    assert broken() == {}


@pytest.mark.parametrize(("outcome", "percent_back", "ends", "available"), [
    ("upheld", 100, "refunded", 100_00),
    ("rejected", 0, "acquired", 80_00),
])  # fmt: skip
def test_a_fake_lead_gives_the_deposit_back(agency, buyer, staff, money, outcome, percent_back, ends, available):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    opened = buyer.post(f"/orders/{order_id}/disputes", {"reason": "bot", "statement": "A program filled it in."})
    assert (opened.status, state(buyer, order_id)) == (201, "disputed")
    assert report(buyer, order_id, 100_00).code == "not_reportable"
    agency.post(f"/disputes/{opened['id']}/answers", {"statement": "It was a person."})
    half = {"outcome": "partly_upheld", "refund_percent": 50, "reasoning": "Half and half."}
    assert staff.post(f"/disputes/{opened['id']}/decisions", half).code == "wrong_refund"
    verdict = {"outcome": outcome, "refund_percent": percent_back, "reasoning": "The log says so."}
    assert staff.post(f"/disputes/{opened['id']}/decisions", verdict).status == 201
    assert state(buyer, order_id) == ends
    assert wallet(buyer)[0] == available
    assert broken() == {}


def test_a_dispute_that_is_withdrawn_leaves_the_order_as_it_was(agency, buyer, money):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    opened = buyer.post(f"/orders/{order_id}/disputes", {"reason": "bot", "statement": "A program filled it in."})
    buyer.post(f"/disputes/{opened['id']}/withdrawal")
    assert (state(buyer, order_id), wallet(buyer)) == ("acquired", (80_00, 20_00))
    report(buyer, order_id, 100_00)
    late = buyer.post(f"/orders/{order_id}/disputes", {"reason": "bot", "statement": "A program filled it in."})
    assert late.code == "not_disputable"


def test_terms_that_changed_meanwhile_are_not_agreed_to_unseen(agency, buyer, money):
    (lead_id,) = offer(agency)
    money(100_00)
    wanted = agreement(buyer, lead_id)
    unseen = {name: wanted[name] for name in ("lead_id", "quoted_price")}
    refused = buyer.post("/orders", unseen)
    assert (refused.status, refused.code) == (409, "terms_not_agreed")
    listing = buyer.get(f"/catalog/leads/{lead_id}")["listing_id"]
    changed = agency.patch(f"/listings/{listing}", {"commission": percent(9_000)})
    assert (changed.status, changed["version"]) == (200, 2)
    refused = buyer.post("/orders", wanted)
    assert (refused.status, refused.code) == (409, "price_changed")
    both = buyer.post("/orders", {"lead_ids": [lead_id], "max_total": usd(100_00)})
    assert both["items"][0]["error"]["code"] == "terms_not_agreed"
    order_id = acquire(buyer, lead_id)
    agency.patch(f"/listings/{listing}", {"commission": percent(9_900)})
    assert report(buyer, order_id, 100_00)["commission"] == usd(90_00)  # as agreed, whatever came after


def test_guards_of_a_purchase_hold_for_an_acquisition_too(agency, buyer, money, people, api):
    (lead_id,) = offer(agency)
    wanted = agreement(buyer, lead_id)
    assert buyer.post("/orders", wanted).code == "insufficient_funds"
    money(100_00)
    assert buyer.post("/orders", {**wanted, "quoted_price": usd(19_99)}).code == "price_changed"
    first = buyer.post("/orders", wanted, idem="one")
    assert buyer.post("/orders", wanted, idem="one")["id"] == first["id"]
    assert buyer.post("/orders", wanted).code == "already_bought"
    other = make_person("buyer")
    fund(other.who, 100_00)
    assert api(other).post("/orders", wanted).code == "lead_sold"
    assert buyer.post("/orders", {**wanted, "lead_id": str(new_id())}).status == 404
    assert wallet(buyer) == (80_00, 20_00)


def test_a_stranger_sees_and_does_nothing(agency, buyer, money, api):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    sale = report(buyer, order_id, 100_00)
    other_buyer, other_agency = api(make_person("buyer")), api(make_person("agency"))
    for stranger in (other_buyer, other_agency):
        assert stranger.get(f"/sales/{sale['id']}").status == 404
        assert stranger.get("/sales")["items"] == []
    assert report(other_buyer, order_id, 1).status == 404
    assert other_buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(0), "reason": "not mine"}).status == 404
    assert other_buyer.post(f"/orders/{order_id}/no-sale", {"reason": "price"}).status == 404
    assert other_agency.post(f"/sales/{sale['id']}/answers", {"accept": True}).status == 404
    assert other_agency.post(f"/orders/{order_id}/no-sale/contests", {"statement": "There was."}).status == 404
    assert agency.post(f"/orders/{order_id}/sales", {"amount": usd(1)}).status == 403
    assert buyer.post(f"/sales/{sale['id']}/answers", {"accept": True}).status == 403


def test_a_day_before_the_purchase_or_ahead_of_today_is_none(agency, buyer, money, clock):
    (lead_id,) = offer(agency)
    money(100_00)
    order_id = acquire(buyer, lead_id)
    for wrong in (clock.now() - timedelta(days=2), clock.now() + timedelta(days=2)):
        refused = report(buyer, order_id, 100_00, at=wrong.isoformat())
        assert (refused.status, set(refused.body["error"]["fields"])) == (422, {"at"})


def test_an_order_for_a_price_needs_no_report(agency, buyer, money):
    (lead_id,) = offer_for_a_price(agency)
    money(100_00)
    bought = buyer.post("/orders", {"lead_id": lead_id, "quoted_price": usd(25_00)})
    assert report(buyer, bought["id"], 100_00).code == "not_per_sale"
    assert bought["sales"] is None
