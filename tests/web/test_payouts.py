"""The pages on which an agency is paid: from telling Stripe who it is to a payout with its entries."""

import pytest

from tests.factories.payouts import Bank, earn, hear, make_payable
from tests.factories.people import make_person


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


def test_somebody_tells_stripe_and_is_paid(reader, agency, api, gateway, run_jobs, clock, later):
    earn(api(agency), api(make_person("buyer")), gateway, run_jobs, later)
    page = reader.get("/payout-account")
    assert "First give Stripe your details and your bank account." in page.words
    sent = reader.post("/payout-account")
    assert (sent.status, "/connect/" in sent.location) == (303, True)
    assert Bank(gateway).tell(sent.location) == 303
    assert "Stripe is looking at it" in reader.follow(reader.get("/payout-account/return")).words
    assert "/connect/" in reader.get("/payout-account/again").location
    clock.advance(seconds=10)
    page = reader.follow(reader.get("/payout-account/return"))
    assert "ends in 6789" in page.words
    page = reader.follow(reader.post("/payouts", currency="USD"))
    assert "Your next payout can be asked for from" in page.words
    later(days=14)
    hear(gateway, run_jobs)
    page = reader.get("/payouts")
    assert "$81.00" in page.words
    assert "on its way to the bank" in page.words
    (payout,) = api(agency).get("/payouts")["items"]
    page = reader.get(f"/payouts/{payout['id']}")
    for words in ("Payout asked for", "Payout sent", "Payout settled by Stripe", "Payouts on their way"):
        assert words in page.words
    page = reader.get("/balance")
    assert f"/payouts/{payout['id']}" in page.text
    assert "$81.00 $0.00" in page.words


def test_asked_for_by_hand(reader, agency):
    make_payable(agency)
    page = reader.get("/payouts")
    assert "$100.00 leaves your balance now and goes to your bank." in page.words
    page = reader.follow(reader.post("/payouts", currency="USD"))
    assert "$100.00 are reserved for you and are sent in a moment." in page.words
    page = reader.follow(reader.post("/payouts", currency="USD"))
    assert "Your next payout can be asked for from" in page.words


def test_what_is_not_ones_own_does_not_exist(visit, reader, agency, api):
    make_payable(agency)
    reader.post("/payouts", currency="USD")
    (payout,) = api(agency).get("/payouts")["items"]
    other = make_person("agency")
    assert visit(other).get(f"/payouts/{payout['id']}").status == 404
    assert api(other).get(f"/payouts/{payout['id']}").status == 404
    member = make_person("agency", role="member", org_id=agency.org_id)
    for path in ("/payouts", f"/payouts/{payout['id']}", "/payout-account"):
        assert visit(member).get(path).status == 403


def test_when_stripe_is_away_it_says_so(reader):
    page = reader.follow(reader.post("/payout-account"))
    assert "Stripe does not answer. Try again in a minute." in page.words
