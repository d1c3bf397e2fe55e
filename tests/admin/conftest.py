"""Readers of the pages of staff."""

import pytest

from marketplace.disputes.jobs import let_fall
from tests.conftest import Visitor
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.story import put_on_sale


@pytest.fixture
def visit(app):
    """A new browser: visit() for a visitor, visit(person) for somebody who has signed in."""

    def visit(person=None) -> Reader:
        reader = Reader(Visitor(app, app.response_class, use_cookies=True))
        if person:
            assert reader.sign_in(person).status == 303
        return reader

    return visit


@pytest.fixture
def half_a_minute(clock):
    """After it nothing that was decided can be taken back."""

    def pass_by():
        clock.advance(seconds=31)
        let_fall()

    return pass_by


@pytest.fixture
def staff(visit):
    return visit(make_person("staff"))


@pytest.fixture
def agency(app):
    return make_person("agency")


@pytest.fixture
def buyer(app):
    return funded_buyer(50_000)


@pytest.fixture
def dispute(agency, buyer, api):
    """Open a dispute over 100.00; the address of its case."""

    def dispute(reason="invalid_phone"):
        (lead_id,) = put_on_sale(api(agency), make_lead(), price={"amount": 10_000, "currency": "USD"})
        price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
        order = api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]
        said = {"reason": reason, "statement": "The network says that there is no such number."}
        return f"/admin/disputes/{api(buyer).post(f'/orders/{order}/disputes', said)['id']}"

    return dispute
