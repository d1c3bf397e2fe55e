"""An agency is paid: from telling Stripe who it is until the money is in its bank, and everything that may stop it."""

import pytest

from marketplace.insights import run_checks
from tests.factories.api import Api
from tests.factories.payouts import Bank, earn, hear
from tests.factories.people import make_person


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
