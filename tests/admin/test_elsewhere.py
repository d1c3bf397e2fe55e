"""What we know of a person from another agency: staff read it, and no agency ever learns of it."""

import pytest
from sqlalchemy import text

from marketplace.kit.crypto import blind_index
from marketplace.kit.db import session, transaction
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, put_on_sale

PRICE = 40_00
ANSWER = {"statement": "A person typed it for two minutes."}


@pytest.fixture
def buyers(app):
    people = [make_person("buyer") for _ in range(2)]
    for each in people:
        fund(each.who, 200_00)
    return people


@pytest.fixture
def bought(api):
    """The exclusive lead of an agency, bought before it had this number: bought(agency, buyer, number) -> the order."""

    def bought(agency, buyer, number):
        (lead_id,) = put_on_sale(api(agency), make_lead(), price={"amount": PRICE, "currency": "USD"})
        order_id = buy(api(buyer), lead_id, PRICE)
        with transaction():  # as when it is corrected
            anew = text("UPDATE lead_keys SET digest = :digest WHERE kind = 'phone' AND lead_id = :lead")
            session().execute(anew, {"digest": blind_index("phone", number), "lead": lead_id})
        return order_id

    return bought


@pytest.fixture
def answered(api, bought, run_jobs):
    """A dispute that its agency has answered, and all that followed by itself: its address."""

    def answered(agency, buyer, number):
        order = bought(agency, buyer, number)
        dispute = open_dispute(api(buyer), order, "duplicate", "I have this person already.")
        run_jobs()
        assert api(agency).post(f"/disputes/{dispute}/answers", ANSWER).status == 201
        run_jobs()
        return f"/disputes/{dispute}"

    return answered


@pytest.mark.parametrize(
    ("first", "told"),
    [(0, "This buyer had bought the person before"), (1, "The person had already been sold to someone else")],
)
def test_no_agency_learns_what_another_one_sold(api, buyers, bought, answered, visit, staff, first, told):
    """Its page, API and verdicts are to the letter those of a person whom nobody else had."""
    agency, rival, number = make_person("agency"), make_person("agency"), make_lead()["phone"]
    bought(rival, buyers[first], number)
    known, new = answered(agency, buyers[0], number), answered(agency, buyers[0], make_lead()["phone"])
    told_of = [api(agency).get(case) for case in (known, new)]
    for name in ("state", "rules", "p_fake", "parts", "reasoning", "refund_percent"):
        assert told_of[0][name] == told_of[1][name], name
    found = [{each["evidence"]: each["found"] for each in case["findings"]} for case in told_of]
    assert found[0] == found[1]
    assert (told_of[0]["state"], found[0]["duplicate_90_days"]) == ("answered", "absent")
    assert told in staff.get(f"/admin{known}").words
    for page in (staff.get(f"/admin{new}"), visit(agency).get(known), visit(buyers[0]).get(known)):
        assert told not in page.words
