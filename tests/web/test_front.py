import re

import pytest

from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from marketplace.market import Filters, browse
from marketplace.orders import place
from marketplace.people import terms
from tests.factories.leads import make_lead, make_listing
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.queries import listening


@pytest.fixture
def on_sale(api):
    """Put leads on sale: on_sale(2, price=...) -> the agency."""

    def on_sale(count, **terms):
        agency = make_person("agency")
        listing = api(agency).post("/listings", make_listing(**terms)).body
        api(agency).patch(f"/listings/{listing['id']}", {"state": "active"})
        api(agency).post(f"/listings/{listing['id']}/leads", [make_lead(last_name="Zzyzx") for _ in range(count)])
        return agency

    return on_sale


def test_the_front_page_says_what_this_is_and_leads_to_both_sides(visit):
    page = visit().get("/")
    assert page.status == 200
    assert "Buy leads that are proven real." in page.words
    for way in ("/sign-up/buyer", "/sign-up/agency", "/sign-in", "/terms", "/data-processing", "/api/docs"):
        assert f'href="{way}' in page.text
    assert "On the exchange now" not in page.words
    assert "none yet" in page.words


def test_it_shows_what_is_on_sale_without_anything_that_identifies_a_person(visit, on_sale):
    on_sale(2)
    page = visit().get("/")
    assert "2 leads in 1 trade" in page.words
    assert page.words.count("$25.00") == 4
    assert "held for 7 days" in page.words
    for secret in ("Zzyzx", "Maria", "maria.sandoval", "Austin", "78701"):
        assert secret not in page.text


def test_one_agencys_upload_does_not_fill_the_sample(visit, on_sale):
    on_sale(3, title="Older", price={"amount": 1100, "currency": "USD"})
    on_sale(8)
    assert visit().get("/").words.count("$11.00") == 3


def test_the_figures_are_those_of_this_moment(visit, on_sale):
    on_sale(3)
    buyer = make_person("buyer")
    fund(buyer.who, 100_00)
    with transaction():
        (first, *_) = browse(buyer.who, Filters(), Ask()).items
        place(buyer.who, first.id, first.price)
    page = visit().get("/").words
    assert "Leads on sale now 2" in page
    assert "Money held right now $25.00 for 1 lead in its window; 0 of them disputed" in page


def test_the_figures_are_counted_once_a_minute_however_many_look(visit, on_sale, clock):
    seen = []
    for wait in (0, 59, 1):
        clock.advance(seconds=wait)
        on_sale(1)
        asked = []
        with listening(asked):
            page = visit().get("/").words
        seen.append(re.search(r"Leads on sale now (\d+)", page)[1])
        seen.append(any("percentile_cont" in words for _rows, words, _values in asked))
    assert seen == ["1", True, "1", False, "3", True]


@pytest.mark.parametrize("document", terms.DOCUMENTS.values(), ids=lambda document: document.key)
def test_the_terms_can_be_read_by_anybody(visit, document):
    page = visit().get(f"/{document.key.replace('_', '-')}")
    assert str(document.title) in page.words
    assert f"Version {document.version}" in page.words


def test_somebody_signed_in_finds_the_way_back(visit):
    page = visit(make_person("agency")).get("/")
    assert "Go to your account" in page.words
    assert 'href="/overview"' in page.text
