import re

import pytest
from sqlalchemy import text

from marketplace.kit.db import session, transaction
from marketplace.orders.jobs import release_due
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import put_on_sale


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(app):
    return funded_buyer(20_000)


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


@pytest.fixture
def bought(agency, api, buyer):
    """Buy a lead with these fields; the order's address."""

    def bought(terms=None, **fields):
        (lead_id,) = put_on_sale(agency, make_lead(**fields), **(terms or {}))
        price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
        return f"/orders/{api(buyer).post('/orders', {'lead_id': lead_id, 'quoted_price': price})['id']}"

    return bought


def reads():
    with transaction():
        return session().execute(text("SELECT count(*) FROM contact_reads")).scalar_one()


def test_an_empty_inbox_shows_the_first_steps(reader, agency):
    put_on_sale(agency)
    words = reader.get("/orders").words
    assert "The leads that you buy arrive here" in words
    assert "First steps" in words
    assert "On sale now" in words
    assert "Maria" not in words


def test_the_list_says_where_the_money_is_and_opens_no_contact(reader, bought):
    bought()
    words = reader.get("/orders").words
    assert "M. S., TX 787" in words
    assert "6 d 23 h" in words
    assert "held" in words
    assert "Maria" not in words
    assert reads() == 0
    assert "Nothing here" in reader.get("/orders?state=refunded").words


def test_the_person_is_shown_and_each_reading_written_down(reader, bought):
    order = bought(
        phone="+15125550188",
        answers={"subject": "welding", "start": "now"},
        comment="Call my sister first.",
        preferred_call_time="after six",
        street="1408 Sandhurst Bend",
    )
    page = reader.get(order)
    for shown in ("Maria Sandoval", "welding", "Call my sister first.", "after six", "1408 Sandhurst Bend", "Austin"):
        assert shown in page.words
    assert "I agree to be contacted." in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert reads() == 1
    reader.get(order)
    assert reads() == 2


def test_the_phone_calls_and_the_address_writes(reader, bought):
    page = reader.get(bought(phone="+12125012345", email="o'neil+x@gmail.com"))
    assert "+1 212-501-2345" in page.words
    assert 'href="tel:+12125012345"' in page.text
    assert 'href="sms:+12125012345"' in page.text
    assert re.search(r'href="mailto:o%27neil%2Bx%40gmail.com"', page.text)


def test_a_phone_that_cannot_be_dialled_is_no_link(reader, bought):
    page = reader.get(bought(phone="12"))
    assert "it cannot be dialled" in page.words
    assert "tel:" not in page.text
    assert "Not a number of its country’s plan." in page.words


def test_a_profile_is_a_link_only_where_it_leads_to_the_web(reader, bought):
    page = reader.get(bought(social_url="https://www.linkedin.com/in/maria-s", phone=None))
    assert 'rel="noopener noreferrer nofollow"' in page.text


def test_the_money_is_explained_from_the_hold_to_the_agency(reader, bought, clock):
    order = bought(terms={"price": {"amount": 10_000, "currency": "USD"}})
    words = reader.get(order).words
    assert "$90.00 go to the agency and $10.00 are our fee" in words
    assert "Dispute this lead" in words
    clock.advance(days=8)
    release_due()
    words = reader.get(order).words
    assert "Kept on" in words
    assert "Dispute this lead" not in words
    assert "the money went to the agency" in words


def test_what_a_person_wrote_is_never_run(reader, bought):
    page = reader.get(bought(comment="<script>alert(1)</script>", first_name="<b>Maria"))
    assert "<script>alert(1)" not in page.text
    assert "<b>Maria" not in page.text


def test_a_stranger_finds_nothing_and_an_agency_has_no_inbox(bought, visit):
    order = bought()
    assert visit(make_person("buyer")).get(order).status == 404
    assert visit(make_person("agency")).get(order).status == 403
    assert visit(make_person("staff")).get(order).status == 403
    assert visit().get(order).status in (302, 303)
    assert reads() == 0
