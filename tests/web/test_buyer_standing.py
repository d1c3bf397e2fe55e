"""How a buyer stands is read by agencies that sold to it, with its counts, and by no other agency."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.quality.facts import SoldLead
from marketplace.quality.reporting.models import TestedLead
from tests.factories.facts import Facts
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def buyer(app):
    return funded_buyer(100_00)


@pytest.fixture
def facts(app, api, buyer):
    facts = Facts(api, 1)
    facts.buyers = [buyer.org_id]
    return facts


def standing(script, buyer, status=200):
    answer = script.get(f"/buyers/{buyer.org_id}/standing")
    assert answer.status == status
    return answer


def test_what_is_known_of_a_buyer_stands_with_its_counts(facts, buyer, api):
    facts.sold(12, 3)
    order_ids = select(SoldLead.order_id).where(SoldLead.buyer_id == buyer.org_id).order_by(SoldLead.matured_at)
    with transaction():
        orders = session().scalars(order_ids).all()
        called = {"contacted_at": SoldLead.placed_at + timedelta(hours=3)}
        session().execute(update(SoldLead).where(SoldLead.order_id.in_(orders[:6])).values(called))
        session().execute(update(SoldLead).where(SoldLead.order_id == orders[0]).values(disputed=True))
        in_test = {"buyer_id": buyer.org_id, "chance": 0.3, "age_days": 90, "entered_at": clock.now()}
        session().execute(
            insert(TestedLead), [{"order_id": each, "reported": each == orders[1], **in_test} for each in orders[:5]]
        )
    found = standing(facts.api, buyer)
    assert found["contacts"] == [
        {"temperature": "warm", "promise": 86400, "leads": 9, "told": 6, "median": 3 * 3600},
    ]  # fmt: skip
    assert found["disputes"] == {"leads": 12, "opened": 4, "upheld": 3, "lost": 1}
    assert (found["sales"]["leads"], found["sales"]["reported"]) == (5, 1)
    assert found["sales"]["expected"] == pytest.approx(1.5)
    assert standing(api(make_person("staff")), buyer)["disputes"] == found["disputes"]
    assert standing(api(buyer), buyer)["disputes"] == found["disputes"]
    for stranger in ("agency", "buyer"):
        standing(api(make_person(stranger)), buyer, 404)
    assert api(make_person("staff")).get(f"/buyers/{facts.id}/standing").status == 404


def test_of_a_big_buyer_the_newest_two_thousand_are_counted(facts, buyer):
    """Its page is drawn at once however much it bought."""
    facts.sold(2_004, 4, last_bad=False)
    in_test = """
        INSERT INTO tested_leads (order_id, buyer_id, chance, reported, age_days, entered_at)
        SELECT order_id, buyer_id, CASE WHEN fault THEN 1 ELSE 0.5 END, fault, 90, placed_at FROM sold_leads
    """
    with transaction():
        session().execute(text(in_test))
    found = standing(facts.api, buyer)
    assert found["disputes"] == {"leads": 2_000, "opened": 0, "upheld": 0, "lost": 0}
    assert found["contacts"][0]["leads"] == 2_000
    assert found["sales"] == {"leads": 2_000, "reported": 0, "expected": 1_000.0}


def test_young_leads_of_a_big_buyer_hide_neither_its_disputes_nor_its_calls(facts, buyer):
    """Nothing is decided about what it bought of late, and the time to call is not over."""
    facts.sold(20, 8)
    young = facts.sold(2_001)
    now = clock.now()
    unknown = {"matured_at": None, "fault": None, "placed_at": now - timedelta(hours=20)}
    with transaction():
        session().execute(update(SoldLead).where(SoldLead.order_id.in_(young)).values(unknown))
    found = standing(facts.api, buyer)
    assert found["disputes"] == {"leads": 20, "opened": 8, "upheld": 8, "lost": 0}
    assert [part["leads"] for part in found["contacts"]] == [12]


def test_the_pages_of_a_sold_lead_and_of_a_dispute_show_it_without_a_name(facts, buyer, api, visit, run_jobs):
    (lead,) = put_on_sale(facts.api)
    order = buy(api(buyer), lead)
    run_jobs()
    assert facts.api.get(f"/orders/{order}")["buyer_id"] == str(buyer.org_id)
    assert standing(facts.api, buyer)["disputes"] is None
    page = visit(facts.agency).get(f"/leads/{lead}")
    assert "The record of buyer 1" in page.words
    assert "too few yet" in page.words
    said = {"reason": "bot", "statement": "All fields in one second."}
    case = api(buyer).post(f"/orders/{order}/disputes", said)
    assert UUID(case["buyer_id"]) == buyer.org_id
    facts.sold(10, 2)
    page = visit(facts.agency).get(f"/disputes/{case['id']}")
    assert "The buyer’s record last 365 days, at most 2,000 leads" in page.words
    assert "of 10 leads" in page.words
    assert buyer.who.org_name not in page.text
    assert "last 365 days" not in visit(buyer).get(f"/disputes/{case['id']}").words
