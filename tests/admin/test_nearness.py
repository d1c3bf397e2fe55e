"""Nobody decides about an organisation that they belong or belonged to, and pages do not offer it."""

import pytest

from marketplace import billing
from marketplace.billing import calls
from marketplace.billing.queries import call_of
from marketplace.kit.money import Money
from tests.factories.payouts import asked, make_payable, make_payable_at_stripe
from tests.factories.people import joined_once, make_person

REASON = {"reason": "They are good people."}


@pytest.fixture
def near(app):
    return make_person("staff")


def test_nobody_verifies_or_grades_their_own_agency(api, near, visit):
    agency = make_person("agency", is_verified=False)
    joined_once(near, agency)
    own = f"/admin/organisations/{agency.org_id}"
    page = visit(near)
    shown = page.get(own).words
    assert "Someone else must decide about it" in shown
    assert "Yes, verify it" not in shown
    assert "Set the grade" not in shown
    assert page.post(f"{own}/verification").status == 403
    assert api(near).post(f"/organisations/{agency.org_id}/verification").code == "too_near"
    assert "Yes, verify it" in visit(make_person("staff")).get(own).words


def test_nobody_stops_or_lets_go_the_payouts_of_their_own_agency(api, near, visit):
    agency, other = make_person("agency"), make_person("staff")
    make_payable(agency)
    joined_once(near, agency)
    account, page = f"/payout-accounts/{agency.org_id}", visit(near)
    assert "Stop payouts" not in page.get(f"/admin/organisations/{agency.org_id}").words
    assert page.post(f"/admin/organisations/{agency.org_id}/payout-hold", **REASON).status == 403
    assert api(near).post(f"{account}/hold", REASON).code == "too_near"
    assert api(other).post(f"{account}/hold", REASON).status == 200
    assert "let payouts go" not in page.get("/admin/money/payouts").words
    assert page.post(f"/admin/money/payouts/accounts/{agency.org_id}/release", **REASON).status == 403
    assert api(near).post(f"{account}/release", REASON).code == "too_near"
    assert "let payouts go" in visit(other).get("/admin/money/payouts").words


def test_nobody_takes_back_what_their_own_agency_was_paid(api, near, visit, gateway):
    agency = make_payable_at_stripe(gateway)
    payout = asked(agency.who)
    calls.perform(call_of("send_payout", payout))
    joined_once(near, agency)
    assert visit(near).post(f"/admin/money/payouts/{payout}/taking", **REASON).status == 403
    assert api(near).post(f"/payouts/{payout}/reversal", REASON).code == "too_near"


def test_nobody_answers_the_bank_of_their_own_buyer(api, near, visit, gateway, clock, run_jobs):
    buyer, other = make_person("buyer"), make_person("staff")
    opened = billing.open_checkout(buyer.who, lambda: billing.ask_top_up(buyer.who, Money(100_00, "USD")).id)
    assert gateway.pay(opened.checkout_url, "4000 0000 0000 0259") == 303
    billing.look_up_checkout(buyer.who, opened.id)
    clock.advance(seconds=20)
    gateway.newest("charge")
    gateway.deliver()
    run_jobs()
    joined_once(near, buyer)
    (case,) = api(other).get("/chargebacks")["items"]
    own, words = f"/admin/money/chargebacks/{case['id']}", {"words": "The payer bought leads and read each of them."}
    page = visit(near)
    assert "Send to the bank" not in page.get(own).words
    assert page.post(f"{own}/answer", **words).status == 403
    assert api(near).post(f"/chargebacks/{case['id']}/answer", words).code == "too_near"
    assert "Send to the bank" in visit(other).get(own).words
