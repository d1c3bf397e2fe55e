import re

import pytest

from tests.factories.files import CONSENT, columns_of, csv_of, row_of, send
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.queries import listening
from tests.factories.sales import acquire, offer, report
from tests.factories.story import buy, open_dispute, open_listing, put_on_sale


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


@pytest.fixture
def buyer(app, api):
    return api(funded_buyer(50_000))


def test_a_first_visit_shows_the_next_step_and_no_empty_table(reader):
    page = reader.get("/overview")
    assert "Put your first leads on sale" in page.words
    assert "Make a listing" in page.words
    assert "<table" not in page.text
    assert "Payable" not in page.text.split("<main")[1]


def test_how_it_stands_in_four_figures(reader, agency, api, buyer, later):
    one, _other = put_on_sale(api(agency), count=2)
    buy(buyer, one)
    page = reader.get("/overview")
    for words in ("On sale 1", "Sales 1", "Payable $0.00", "and $25.00 held for you", "held"):
        assert words in page.words
    later(days=8)
    page = reader.get("/overview")
    assert "Payable $20.25" in page.words
    assert "and $0.00 held for you" in page.words


def test_what_waits_stands_first_with_the_time_that_is_left(reader, agency, api, buyer, clock, run_jobs):
    for lead_id in put_on_sale(api(agency), count=2):
        order = buy(buyer, lead_id)
        buyer.post(f"/orders/{order}/disputes", {"reason": "bot", "statement": "The same words came five times."})
        clock.advance(hours=24)
    place = send(reader, open_listing(api(agency)), csv_of(row_of()), "autumn.csv").location
    run_jobs()
    page = reader.get("/overview")
    assert page.words.index("23 h 59 min left") < page.words.index("1 d 23 h left")
    assert "Answer a dispute of $25.00" in page.words
    assert "Match the columns of autumn.csv" in page.words
    assert place in page.text


def test_of_more_than_are_shown_the_most_urgent_stand_first_and_no_others_are_read(reader, agency, api, buyer, clock):
    ids = []
    for lead_id in put_on_sale(api(agency), count=6):
        ids.append(open_dispute(buyer, buy(buyer, lead_id)))
        clock.advance(hours=1)
    asked = []
    with listening(asked):
        page = reader.get("/overview")
    assert re.findall("/disputes/([0-9a-f-]{36})", page.text) == ids[:5]
    assert [rows for rows, words, _values in asked if "disputes.statement" in words] == [5]


def test_reports_of_sales_and_disputes_stand_by_the_time_that_is_left(reader, agency, api, buyer, clock):
    sales = []
    for lead_id in offer(api(agency), count=6):
        sales.append(report(buyer, acquire(buyer, lead_id), 100_00)["id"])
        clock.advance(hours=1)
    (lead_id,) = put_on_sale(api(agency))
    dispute = open_dispute(buyer, buy(buyer, lead_id))
    links = re.findall("/(?:disputes|sales)/([0-9a-f-]{36})", reader.get("/overview").text.split("Latest sales")[0])
    assert links == [*sales[:5], dispute]


def test_a_draft_waits_to_be_opened(reader):
    form = {"title": "Courses", "vertical": "education", "price": "20", "kind": "consumer", "exclusivity": "exclusive"}
    reader.post("/listings", **form, window_days="7", default_country="US")
    assert "1 listing is a draft" in reader.get("/overview").words


def test_imports_under_way_show_how_far_they_are_and_renew_themselves(reader, agency, api, run_jobs):
    put_on_sale(api(agency))
    assert "hx-get" not in reader.get("/overview").text.split("<main")[1]
    place = send(reader, open_listing(api(agency)), csv_of(row_of()), "autumn.csv").location
    page = reader.get("/overview")
    assert "being read" in page.words
    assert 'hx-trigger="every 3s"' in page.text
    run_jobs()
    reader.post(f"{place}/start", **columns_of(reader.get(place)), **CONSENT)
    assert "0 of 1 rows, 0 rejected" in reader.get("/overview").words
    run_jobs()
    assert "Under way" not in reader.get("/overview").words


def test_nothing_waiting_is_said_too(reader, agency, api):
    put_on_sale(api(agency))
    assert "Nothing. New leads and disputes show up here." in reader.get("/overview").words


def test_each_role_sees_what_it_may(visit, agency, api):
    put_on_sale(api(agency))
    member = visit(make_person("agency", role="member", org_id=agency.org_id)).get("/overview")
    assert member.status == 200
    assert "Payable" not in member.words
    assert "Payable" in visit(make_person("agency", role="finance", org_id=agency.org_id)).get("/overview").words
    assert visit(make_person("buyer")).get("/overview").status == 403
