"""An agency is paid: from telling Stripe who it is until the money is in its bank, and everything that may stop it."""

import pytest

from marketplace.insights import run_checks
from tests.factories.api import Api
from tests.factories.payouts import (
    ANOTHER,
    NO_ACCOUNT,
    REFUSED,
    RETURNED_LATE,
    Bank,
    award,
    earn,
    hear,
    onboard,
    pay_in,
    set_grade,
)
from tests.factories.people import make_person, verify


@pytest.fixture
def people(app):
    return {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def agency(people, api) -> Api:
    return api(people["agency"])


@pytest.fixture
def buyer(people, api) -> Api:
    return api(people["buyer"])


@pytest.fixture
def staff(people, api) -> Api:
    return api(people["staff"])


@pytest.fixture
def pass_by(later, gateway, run_jobs):
    """Time passes, here and at Stripe, and what follows is heard of."""

    def go(**by):
        later(**by)
        hear(gateway, run_jobs)
        later(minutes=3)
        hear(gateway, run_jobs)

    return go


@pytest.fixture
def earned(agency, buyer, gateway, run_jobs, later):
    """81.00 that are payable."""
    earn(agency, buyer, gateway, run_jobs, later)


def holds():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def newest(agency):
    return agency.get("/payouts")["items"][0]


def test_from_the_first_word_to_stripe_until_the_money_is_in_the_bank(
    agency, earned, gateway, run_jobs, clock, pass_by
):
    before = agency.get("/payout-account")
    assert (before["state"], before["next_payout"]["code"]) == ("none", "payout_account_missing")
    assert agency.post("/payouts", {}).code == "payout_account_missing"

    link = agency.post("/payout-account")
    assert (link.status, "/connect/" in link["url"]) == (201, True)
    opened = agency.get("/payout-account")
    assert opened["state"] == "onboarding"
    assert {"A bank account that belongs to you"} <= {need["message"] for need in opened["needs"]}
    assert Bank(gateway).tell(link["url"]) == 303
    hear(gateway, run_jobs)
    assert agency.get("/payout-account")["state"] == "checking"
    clock.advance(seconds=10)
    hear(gateway, run_jobs)
    ready = agency.get("/payout-account")
    assert (ready["state"], ready["bank_last4"], ready["needs"], ready["hold"]) == ("ready", "6789", [], None)

    too_early = agency.post("/payouts", {})
    assert (too_early.status, too_early.code) == (409, "payout_too_early")
    assert agency.get("/payout-account")["next_payout"]["at"] > clock.now().isoformat()

    pass_by(days=14)  # the clock asks for it
    sent = newest(agency)
    assert (sent["state"], sent["amount"]) == ("sent", {"amount": 8_100, "currency": "USD"})
    assert (agency.get("/balance")["payable"], agency.get("/balance")["payout_inflight"]) == (0, 0)
    lines = agency.get("/balance/entries")["items"]
    assert [(line["kind"], line["amount"], line["balance_after"]) for line in lines] == [
        ("payout_reserve", -8_100, 0), ("release", 8_100, 8_100),
    ]  # fmt: skip
    assert not holds()

    pass_by(days=1)
    assert newest(agency)["expected_at"] > sent["sent_at"]
    pass_by(days=2)
    paid = agency.get(f"/payouts/{sent['id']}")
    assert (paid["state"], paid["why"], paid["bank_last4"]) == ("paid", None, "6789")
    assert not holds()


@pytest.fixture
def ready(agency, earned, gateway, run_jobs, clock, people):
    """81.00 that may be paid out now, and an account in which nothing is missing."""
    set_grade(people["agency"], "A")
    onboard(agency, gateway, run_jobs, clock)


def test_an_agency_that_staff_have_not_checked_is_not_paid(api, gateway, run_jobs, clock, later, buyer):
    person = make_person("agency", is_verified=False)
    agency = api(person)
    earn(agency, buyer, gateway, run_jobs, later)
    set_grade(person, "A")
    onboard(agency, gateway, run_jobs, clock)
    refused = agency.post("/payouts", {})
    assert (refused.status, refused.code) == (403, "not_verified")
    assert agency.get("/balance")["payable"] == 8_100
    verify(person.org_id)
    assert agency.post("/payouts", {}).status == 201


def test_a_bank_that_was_swapped_after_the_payout_was_asked_for_gets_nothing(agency, ready, gateway, run_jobs, staff):
    asked = agency.post("/payouts", {})
    assert (asked.status, asked["state"]) == (201, "reserved")
    link = agency.post("/payout-account")
    assert Bank(gateway).tell(link["url"], ANOTHER) == 303  # and no news of it has come yet
    run_jobs()
    stopped = agency.get(f"/payouts/{asked['id']}")
    assert (stopped["state"], stopped["why"]) in [
        ("canceled", "payout_bank_changed"),
        ("canceled", "payout_account_not_ready"),
    ]
    assert agency.get("/balance")["payable"] == 8_100
    hear(gateway, run_jobs)
    account = agency.get("/payout-account")
    assert account["hold"]["code"] == "bank_changed"
    assert agency.post("/payouts", {}).code == "payout_bank_changed"
    assert not holds()


def test_an_account_that_stripe_finds_wanting_gets_nothing(agency, earned, gateway, run_jobs, clock, people):
    set_grade(people["agency"], "A")
    onboard(agency, gateway, run_jobs, clock, REFUSED)
    account = agency.get("/payout-account")
    assert account["state"] == "onboarding"
    assert account["needs"]
    assert agency.post("/payouts", {}).code == "payout_account_not_ready"


def test_a_bank_that_knows_no_such_account_sends_it_back_and_another_one_gets_it(
    agency, earned, gateway, run_jobs, clock, people, pass_by
):
    set_grade(people["agency"], "A")
    onboard(agency, gateway, run_jobs, clock, NO_ACCOUNT)
    assert agency.post("/payouts", {}).status == 201
    run_jobs()
    pass_by(days=3)
    failed = newest(agency)
    assert (failed["state"], failed["why"]) == ("failed", "no_account")
    assert agency.get("/payout-account")["state"] == "restricted"
    link = agency.post("/payout-account")
    assert Bank(gateway).tell(link["url"]) == 303
    pass_by(days=4)
    pass_by(days=4)
    assert not holds()


def test_a_bank_that_sends_it_back_late(agency, earned, gateway, run_jobs, clock, people, pass_by):
    set_grade(people["agency"], "A")
    onboard(agency, gateway, run_jobs, clock, RETURNED_LATE)
    assert agency.post("/payouts", {}).status == 201
    run_jobs()
    states = set()
    for _ in range(8):
        pass_by(hours=12)
        states.add(newest(agency)["state"])
    assert states >= {"paid", "failed"}
    assert newest(agency)["why"] == "account_closed"
    assert not holds()


def test_money_that_stripe_does_not_have_yet_is_tried_again(
    agency, api, gateway, run_jobs, clock, people, pass_by, staff
):
    set_grade(people["agency"], "A")
    onboard(agency, gateway, run_jobs, clock)
    award(people["agency"].who, 100_00)
    asked = agency.post("/payouts", {})
    run_jobs()
    waits = agency.get(f"/payouts/{asked['id']}")
    assert (waits["state"], agency.get("/balance")["payout_inflight"]) == ("reserved", 10_000)
    assert agency.post("/payouts", {}).code in ("payout_under_way", "payout_too_early")
    pay_in(api(make_person("buyer")), gateway, run_jobs, 500_00)
    pass_by(days=3)
    assert agency.get(f"/payouts/{asked['id']}")["state"] in ("sent", "paid")
    assert not holds()


def test_a_payout_twice_with_one_key_is_one(agency, ready):
    first = agency.post("/payouts", {}, idem="one")
    assert agency.post("/payouts", {}, idem="one").body == first.body
    assert agency.post("/payouts", {}).code in ("payout_under_way", "payout_too_early")
    assert len(agency.get("/payouts")["items"]) == 1


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"amount": {"amount": 24_99, "currency": "USD"}}, 422, None),
        ({"amount": {"amount": 81_01, "currency": "USD"}}, 402, "insufficient_funds"),
        ({"amount": {"amount": 50_00, "currency": "EUR"}}, 409, "nothing_earned"),
        ({"amount": {"amount": 50_00, "currency": "USD"}}, 201, None),
        ({"currency": "EUR"}, 409, "nothing_earned"),
    ],
)
def test_how_much_may_be_asked_for(agency, ready, wanted, status, code):
    asked = agency.post("/payouts", wanted)
    assert asked.status == status, asked.body
    assert code is None or asked.code == code
