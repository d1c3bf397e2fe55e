"""A decision is looked at again: the buyer gets more of what is held, or the agency is paid at our cost; once each."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace import ledger
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.ledger import Account
from tests.factories.banks import bank_dispute
from tests.factories.books import promised, written
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer
from tests.factories.story import open_dispute, sold

WORDS = {"statement": "The decision overlooks what the network said."}


@pytest.fixture
def agency(app):
    return make_person("agency")


@pytest.fixture
def buyer(app):
    return funded_buyer(200_00)


@pytest.fixture
def first(app):
    return make_person("staff")


@pytest.fixture
def second(app):
    return make_person("staff")


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [finding for finding in run_checks() if not finding.holds] == []


@pytest.fixture
def decided(api, agency, buyer, first):
    """A dispute over 100.00 that the first of staff has decided: decided("rejected", 0) -> its address."""

    def decided(outcome, percent):
        case = open_dispute(api(buyer), sold(api(agency), api(buyer), 100_00), "invalid_phone", "It is dead.")
        verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "The facts decide."}
        assert api(first).post(f"/disputes/{case}/decisions", verdict).status == 201
        return f"/disputes/{case}"

    return decided


def rule(staff, case, side, percent):
    return staff.post(f"{case}/appeals/{side}/decisions", {"refund_percent": percent, "reasoning": "Seen again."})


def available(api, buyer):
    return api(buyer).get("/wallet")["available"]


def payable(api, agency):
    return api(agency).get("/balance")["payable"]


def test_an_agency_that_wins_is_paid_at_our_cost_and_the_buyer_keeps_its_money(
    api, agency, buyer, first, second, decided, later
):
    case = decided("upheld", 100)
    assert available(api, buyer) == 200_00
    told = api(agency).post(f"{case}/appeals", WORDS)
    assert (told.status, told["appeals"][0]["side"], told["appeals"][0]["state"]) == (201, "agency", "open")
    assert api(buyer).post(f"{case}/answers", {"statement": "It was dead when we called."}).status == 201
    own = rule(api(first), case, "agency", 0)
    assert (own.status, own.code) == (403, "own_decision")
    won = rule(api(second), case, "agency", 0)
    assert (won["appeals"][0]["state"], won["appeals"][0]["amount_cents"]) == ("won", 90_00)
    assert (available(api, buyer), payable(api, agency)) == (200_00, 90_00)
    assert ledger.sum_of(Account.GOODWILL_EXPENSE, "USD") == 90_00
    assert written(["appeal_award"]) == promised(["appeal_award"])
    again = rule(api(second), case, "agency", 50)
    assert (again.status, again.code) == (409, "appeal_closed")
    later(days=30)
    assert payable(api, agency) == 90_00


def test_a_buyer_that_wins_gets_it_from_what_is_held_which_waited_for_it(api, agency, buyer, second, decided, later):
    case = decided("rejected", 0)
    assert api(buyer).post(f"{case}/appeals", WORDS).status == 201
    later(days=30)
    assert payable(api, agency) == 0, "held although its window and the time for appeals are over"
    won = rule(api(second), case, "buyer", 50)
    assert (won["appeals"][0]["state"], won["appeals"][0]["amount_cents"]) == ("won", 50_00)
    assert available(api, buyer) == 150_00
    assert written(["refund"])["refund"] == promised(["refund_by_appeal"])["refund_by_appeal"]
    later(minutes=10)
    assert payable(api, agency) == 40_50
    order = api(buyer).get(f"/orders/{won['order_id']}")
    assert (order["state"], order["refunded"]["amount"]) == ("released", 50_00)


def test_a_decision_that_stands_lets_the_money_go_on(api, agency, buyer, second, decided, later):
    case = decided("partly_upheld", 25)
    api(buyer).post(f"{case}/appeals", WORDS)
    less = rule(api(second), case, "buyer", 0)
    assert (less.status, less.code) == (422, "wrong_appeal")
    stands = rule(api(second), case, "buyer", 25)
    assert (stands["appeals"][0]["state"], stands["appeals"][0]["amount_cents"]) == ("lost", 0)
    assert api(buyer).get(f"/orders/{stands['order_id']}")["state"] == "partly_refunded"
    later(days=10)
    assert (available(api, buyer), payable(api, agency)) == (125_00, 60_75)


def test_both_sides_may_appeal_a_half_and_each_is_weighed_by_itself(api, agency, buyer, second, decided, later):
    case = decided("partly_upheld", 50)
    assert api(agency).post(f"{case}/appeals", WORDS).status == 201
    assert api(buyer).post(f"{case}/appeals", WORDS).status == 201
    assert rule(api(second), case, "buyer", 100).status == 201
    assert available(api, buyer) == 200_00
    assert rule(api(second), case, "agency", 25).status == 201
    assert payable(api, agency) == 67_50
    later(days=30)
    assert (available(api, buyer), payable(api, agency)) == (200_00, 67_50)


def test_the_agencys_appeal_waits_for_the_buyers(api, agency, buyer, second, decided, later):
    case = decided("partly_upheld", 50)
    api(agency).post(f"{case}/appeals", WORDS)
    early = rule(api(second), case, "agency", 25)
    assert (early.status, early.code) == (409, "buyer_first"), "the buyer may still appeal"
    later(hours=73)
    assert rule(api(second), case, "agency", 25).status == 201
    assert payable(api, agency) == 22_50
    later(days=10)
    assert payable(api, agency) == 22_50 + 40_50


def test_nothing_is_appealed_of_which_a_bank_left_nothing(api, buyer, second, decided):
    case = decided("partly_upheld", 25)
    top_up = session().scalar(text("SELECT id FROM top_ups"))
    session().rollback()
    bank_dispute(top_up, "lost", 200_00)
    appealed = api(buyer).post(f"{case}/appeals", WORDS)
    assert (appealed.status, appealed.code) == (409, "not_disputable"), "nothing is left of the order"


def test_a_share_of_what_a_bank_has_left_may_be_nothing_more(api, buyer, second, decided):
    case = decided("partly_upheld", 25)
    top_up = session().scalar(text("SELECT id FROM top_ups"))
    session().rollback()
    assert api(buyer).post(f"{case}/appeals", WORDS).status == 201
    bank_dispute(top_up, "lost", 175_00)  # 125.00 in the wallet, 50.00 of the 75.00 that are held
    won = rule(api(second), case, "buyer", 50)
    assert (won.status, won["appeals"][0]["state"], won["appeals"][0]["amount_cents"]) == (201, "won", 0)
    assert api(buyer).get(f"/orders/{won['order_id']}")["state"] == "partly_refunded"


def test_a_deposit_is_not_what_an_agency_would_have_earned(api, agency, buyer, first, second):
    order = acquire(api(buyer), *offer(api(agency)))
    case = open_dispute(api(buyer), order)
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "The facts decide."}
    assert api(first).post(f"/disputes/{case}/decisions", verdict).status == 201
    assert api(agency).post(f"/disputes/{case}/appeals", WORDS).status == 201
    won = rule(api(second), f"/disputes/{case}", "agency", 0)
    assert (won["appeals"][0]["state"], won["appeals"][0]["amount_cents"], payable(api, agency)) == ("won", 0, 0)


def test_who_may_appeal_what_and_until_when(api, agency, buyer, decided, later):
    case = decided("rejected", 0)
    refused = api(agency).post(f"{case}/appeals", WORDS)
    assert (refused.status, refused.code) == (409, "not_appealable")
    assert api(make_person("buyer")).post(f"{case}/appeals", WORDS).status == 404
    key = {"idem": "the-same"}
    once = api(buyer).post(f"{case}/appeals", WORDS, **key)
    assert api(buyer).post(f"{case}/appeals", WORDS, **key).body == once.body
    twice = api(buyer).post(f"{case}/appeals", WORDS)
    assert (twice.status, twice.code) == (409, "already_appealed")
    late = decided("rejected", 0)
    later(hours=73)
    over = api(buyer).post(f"{late}/appeals", WORDS)
    assert (over.status, over.code) == (409, "appeal_time_over")


def test_the_database_too_wants_another_reviewer_and_no_harm_to_who_appeals(api, agency, buyer, first, decided):
    case = decided("upheld", 100)
    api(agency).post(f"{case}/appeals", WORDS)
    for change in (
        "decided_by = first_decided_by",
        "state = 'won', percent_after = 100, decided_at = now()",
        "state = 'lost', percent_after = 0, decided_at = now()",
        "state = 'won'",
    ):
        with pytest.raises(IntegrityError), transaction():
            session().execute(text(f"UPDATE appeals SET {change}"))
