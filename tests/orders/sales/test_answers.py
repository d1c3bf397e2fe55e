"""What an agency agrees to is what it has read, and no correction keeps it from ever agreeing."""

import pytest

from tests.conftest import Visitor
from tests.factories.money import fund
from tests.factories.pages import Reader
from tests.factories.sales import acquire, offer, report, usd


@pytest.fixture
def sale(agency, buyer):
    """Of 1,000.00, reported now."""
    (lead,) = offer(agency)
    return report(buyer, acquire(buyer, lead), 1_000_00)["id"]


def corrected(buyer, sale, cents):
    return buyer.post(f"/sales/{sale}/corrections", {"amount": usd(cents), "reason": "It was counted anew."})


def test_a_script_that_says_what_it_read_agrees_to_nothing_else(agency, buyer, sale):
    assert corrected(buyer, sale, 1_00).status == 201
    stale = agency.post(f"/sales/{sale}/answers", {"accept": True, "amount": usd(1_000_00)})
    assert (stale.status, stale.code) == (409, "sale_changed")
    assert "corrected this sale to $1.00" in stale.body["error"]["message"]
    assert agency.get(f"/sales/{sale}")["state"] == "reported"
    assert agency.post(f"/sales/{sale}/answers", {"accept": True, "amount": usd(1_00)})["state"] == "held"


def test_a_script_that_does_not_say_what_it_read_agrees_as_before(agency, buyer, sale):
    corrected(buyer, sale, 500_00)
    assert agency.post(f"/sales/{sale}/answers", {"accept": True})["commission"] == usd(60_00)


def test_the_button_agrees_to_what_its_page_has_shown(people, client, agency, buyer, sale):
    reader = Reader(client)
    reader.sign_in(people["agency"])
    page = reader.get(f"/sales/{sale}")
    read = {name: page.value_of(name) for name in ("amount", "currency")}
    corrected(buyer, sale, 1_00)
    stale = reader.post(f"/sales/{sale}/agreement", **read)
    assert (stale.status, stale.value_of("amount")) == (409, "100")
    assert "The buyer has since corrected this sale to $1.00." in stale.words
    assert reader.post(f"/sales/{sale}/agreement").status == 409
    assert reader.post(f"/sales/{sale}/agreement", amount=100, currency="USD").status == 303
    assert agency.get(f"/sales/{sale}")["commission"] == usd(12)


def test_each_side_reads_what_becomes_of_the_commission_from_its_side(app, people, agency, buyer, sale, later):
    sides = {kind: Reader(Visitor(app, app.response_class, use_cookies=True)) for kind in ("agency", "buyer")}
    for kind, reader in sides.items():
        reader.sign_in(people[kind])
    asked = sides["agency"].get(f"/sales/{sale}").words
    assert "It is taken from the buyer and held until returns are over, 30 days after the report." in asked
    assert "Taken when you agree" in asked
    assert "Taken when the agency agrees" in sides["buyer"].get(f"/sales/{sale}").words
    agency.post(f"/sales/{sale}/answers", {"accept": False, "statement": "It was more."})
    assert "You have contested this." in sides["agency"].get(f"/sales/{sale}").words
    assert "The agency has contested this." in sides["buyer"].get(f"/sales/{sale}").words


def test_what_the_wallet_does_not_hold_is_topped_up_first(people, client, agency, buyer):
    (lead,) = offer(agency)
    sale = report(buyer, acquire(buyer, lead), 10_000_00)["id"]
    agency.post(f"/sales/{sale}/answers", {"accept": True})
    due = 1_200_00 - buyer.get(f"/sales/{sale}")["paid"]["amount"]
    reader = Reader(client)
    reader.sign_in(people["buyer"])
    page = reader.get(f"/sales/{sale}")
    assert f"/wallet?amount={due}&amp;currency=USD" in page.text
    assert f'action="/sales/{sale}/payment"' not in page.text
    fund(people["buyer"].who, due)
    assert f'action="/sales/{sale}/payment"' in reader.get(f"/sales/{sale}").text


def test_a_cent_of_change_each_third_day_does_not_keep_silence_from_agreeing(agency, buyer, sale, later):
    for cents in (1, 2):
        later(hours=71)
        assert corrected(buyer, sale, 1_000_00 + cents).status == 201
    later(hours=71)
    late = corrected(buyer, sale, 1_000_03)
    assert (late.status, late.code) == (409, "corrections_over")
    later(hours=2)
    assert (agency.get(f"/sales/{sale}")["state"], corrected(buyer, sale, 900_00).status) == ("held", 201)


def test_taking_a_report_back_and_reporting_anew_does_not_keep_silence_from_agreeing(agency, buyer, later):
    (lead,) = offer(agency)
    deal = acquire(buyer, lead)
    for _ in range(2):
        sale = report(buyer, deal, 1_000_00)["id"]
        later(hours=71)
        assert corrected(buyer, sale, 0).status == 201
    sale = report(buyer, deal, 1_000_00)["id"]
    later(hours=71)
    late = corrected(buyer, sale, 0)
    assert (late.status, late.code) == (409, "corrections_over")
    later(hours=2)
    assert agency.get(f"/sales/{sale}")["state"] == "held"


def test_the_page_offers_no_correction_that_would_be_refused(people, client, buyer, sale, later):
    reader = Reader(client)
    reader.sign_in(people["buyer"])
    assert "Was the amount different?" in reader.get(f"/sales/{sale}").words
    later(hours=71)
    corrected(buyer, sale, 900_00)
    later(hours=71)
    corrected(buyer, sale, 800_00)
    later(hours=27)
    assert "Was the amount different?" not in reader.get(f"/sales/{sale}").words
