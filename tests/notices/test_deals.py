"""Letters about leads that are paid by the sale: each event is told to whom it concerns, without the person."""

import pytest
from sqlalchemy import text

from marketplace import notices
from marketplace.kit.db import session, transaction
from marketplace.notices import Letter
from marketplace.notices.deals import NEWS
from tests.factories.cards import fill_from, keep_card
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.sales import acquire, flat, offer, report, usd


@pytest.fixture
def sides(app):
    return {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def scripts(sides, api):
    fund(sides["buyer"].who, 100_00)
    return [api(sides[kind]) for kind in ("agency", "buyer", "staff")]


@pytest.fixture
def told(run_jobs, mail, sides):
    """Everything that was written since the last time: [(whose side, subject)]."""

    def read():
        run_jobs()
        names = {sides[kind].email: kind for kind in ("agency", "buyer")}
        found = [(names.get(letter.to), letter.subject) for letter in mail.letters]
        for letter in (letter for letter in mail.letters if letter.to in names):
            assert "Sandoval" not in letter.text + letter.html
            assert "http://127.0.0.1/" in letter.text
        mail.letters.clear()
        return sorted((who, subject) for who, subject in found if who)

    return read


def test_a_sale_is_told_step_by_step(scripts, told, later):
    agency, buyer, staff = scripts
    (lead,) = offer(agency, flat(90_00))
    order = acquire(buyer, lead)
    told()
    sale = report(buyer, order, 200_00)["id"]
    assert told() == [("agency", "A sale is reported")]
    buyer.post(f"/sales/{sale}/corrections", {"amount": usd(210_00), "reason": "An extra."})
    assert told() == [("agency", "A sale is corrected")]
    agency.post(f"/sales/{sale}/answers", {"accept": False, "statement": "It was more."})
    assert told() == [("buyer", "Your report is contested")]
    staff.post(f"/sales/{sale}/decisions", {"amount": usd(300_00), "reasoning": "The contract says so."})
    assert told() == [("agency", "A contested sale is decided"), ("buyer", "A contested sale is decided")]
    assert told() == []


def test_what_is_not_there_is_told_to_the_buyer(scripts, told, later):
    agency, buyer, _staff = scripts
    (lead,) = offer(agency, flat(150_00))
    order = acquire(buyer, lead)
    report(buyer, order, 200_00)
    told()
    later(hours=73)
    assert told() == [("buyer", "A commission is due, and your wallet is empty")]


@pytest.mark.parametrize(
    ("is_verified", "said"),
    [
        (True, "You need not do anything: your wallet fills itself with $100.00 from the card that ends in 4242"),
        (False, "Your wallet does not fill itself now. It begins when we have checked your organisation."),
    ],
)
def test_a_wallet_that_fills_itself_is_told_as_one(scripts, sides, run_jobs, mail, later, is_verified, said):
    agency, buyer, _staff = scripts
    (lead,) = offer(agency, flat(150_00))
    order = acquire(buyer, lead)
    report(buyer, order, 200_00)
    fill_from(sides["buyer"].who, keep_card(sides["buyer"].who).card_id)
    if not is_verified:
        with transaction():
            session().execute(text("UPDATE organisations SET verified_at = NULL WHERE kind = 'buyer'"))
    later(hours=73)
    (letter,) = [letter for letter in mail.letters if letter.subject.startswith("A commission is due")]
    assert said in " ".join(letter.text.split())
    assert "the commission is taken" in " ".join(letter.text.split())


def test_a_report_that_does_not_come_is_asked_for(scripts, told, later):
    agency, buyer, staff = scripts
    (lead,) = offer(agency, flat(50_00))
    order = acquire(buyer, lead)
    told()
    later(days=31)
    assert told() == [("buyer", "How did it go with your lead?")]
    later(days=60)
    assert told() == [("agency", "A report is overdue"), ("buyer", "A report is overdue")]
    later(days=7)
    assert told() == [("buyer", "We look into a lead without a report")]
    staff.post(f"/audits/{order}/decisions", {"outcome": "no_sale", "reasoning": "Nobody was reached."})
    decided = "It is decided whether there was a sale"
    assert told() == [("agency", decided), ("buyer", decided)]


def test_a_claim_is_told_to_the_agency_and_its_contest_to_the_buyer(scripts, told):
    agency, buyer, _staff = scripts
    (lead,) = offer(agency, flat(50_00))
    order = acquire(buyer, lead)
    told()
    buyer.post(f"/orders/{order}/no-sale", {"reason": "price"})
    assert told() == [("agency", "A buyer says that there was no sale")]
    agency.post(f"/orders/{order}/no-sale/contests", {"statement": "They told us that they bought."})
    assert told() == [("buyer", "The agency believes that there was a sale")]


def test_a_job_that_runs_twice_writes_one_letter(scripts, run_jobs):
    agency, buyer, _staff = scripts
    (lead,) = offer(agency, flat(50_00))
    sale = report(buyer, acquire(buyer, lead), 200_00)["id"]
    run_jobs()
    with transaction():
        before = session().query(Letter).count()
    notices.jobs.DEALS["sale.reported"].func(subject_id=sale)
    with transaction():
        assert session().query(Letter).count() == before
    assert set(notices.jobs.DEALS) == set(NEWS)
