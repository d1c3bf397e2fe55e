import pytest

from marketplace import leads
from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from tests.factories.files import CONSENT, columns_of, csv_of, row_of, send
from tests.factories.leads import make_lead, shared
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing, put_on_sale

SECRETS = ("Maria", "Sandoval", "gmail.com", "78701", "+1", "Birch Lane")


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


@pytest.fixture
def buyer(app, api):
    return api(funded_buyer(50_000))


def test_leads_are_masked_for_their_own_agency_too(reader, agency, api):
    lead = make_lead(street="5 Birch Lane", answers={"start": "now", "subject": "welding with Marek"})
    (lead_id,) = put_on_sale(api(agency), lead)
    for path in ("/leads", f"/leads/{lead_id}"):
        page = reader.get(path)
        assert page.status == 200
        for words in ("M S", "TX 787", "Now", "on sale", "$25.00"):
            assert words in page.words, words
        assert not [secret for secret in (*SECRETS, "Marek", "welding") if secret in page.text.split("<main")[1]]


def test_a_lead_says_what_each_check_found_and_where_it_came_from(reader, agency, api):
    (lead_id,) = put_on_sale(api(agency), make_lead(campaign="Autumn", sub_id="s-77"), title="Career courses")
    page = reader.get(f"/leads/{lead_id}")
    for words in (
        "Exists in its country’s plan.",
        "A record is there.",
        "Autumn",
        "s-77",
        "Career courses",
        "sent by API",
    ):
        assert words in page.words
    assert "Nobody has bought it yet." in page.words


def test_filters_are_the_address_and_each_state_has_its_count(reader, agency, api, buyer):
    put_on_sale(api(agency), count=2, title="Two")
    one, other = put_on_sale(api(agency), count=2, title="One sold")
    buy(buyer, one)
    reader.post(f"/leads/{other}/withdrawal")
    page = reader.get("/leads")
    for words in ("All 4", "For sale 2", "Sold 1", "Expired 0", "Withdrawn 1"):
        assert words in page.words
    listing = leads.find_for(agency.who, other).listing_id
    page = reader.get(f"/leads?listing={listing}&state=withdrawn")
    for words in ("All 2", "For sale 0", "Sold 1", "Listing One sold"):
        assert words in page.words
    assert other in page.text
    assert one not in page.text
    for odd in ("?listing=x&state=y", "?import=1", "?listing=&state=&import="):
        assert "All 4" in reader.get(f"/leads{odd}").words


def test_a_filter_for_what_is_not_ones_own_finds_nothing(reader, api):
    foreign = open_listing(api(make_person("agency")))
    assert reader.get(f"/leads?listing={foreign}").status == 404
    assert reader.get("/leads?import=01a208cb-aba9-7869-80fa-c75a23e36b66").status == 404


def test_leads_of_a_file_are_found_by_it(reader, agency, api, run_jobs):
    put_on_sale(api(agency))
    place = send(reader, open_listing(api(agency)), csv_of(row_of(), row_of()), "autumn.csv").location
    run_jobs()
    reader.post(f"{place}/start", **columns_of(reader.get(place)), **CONSENT)
    run_jobs()
    page = reader.get(f"/leads?import={place.rsplit('/', 1)[1]}")
    assert "All 2" in page.words
    assert "File autumn.csv" in page.words
    with transaction():
        lead = leads.leads_for(agency.who, Ask()).items[0]
    assert f"row {lead.import_row} of autumn.csv" in reader.get(f"/leads/{lead.id}").words


def test_a_long_list_goes_on_page_by_page(reader, agency, api):
    ids = put_on_sale(api(agency), count=30)
    page = reader.get("/leads?state=available")
    assert ids[0] not in page.text
    older = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "state=available" in older
    assert ids[0] in reader.get(older).text


def test_a_withdrawn_lead_is_off_sale_for_good_and_its_buyer_keeps_it(reader, agency, api, buyer):
    listing = open_listing(api(agency), **{**shared(), "title": "Shared"})
    lead_id = api(agency).post(f"/listings/{listing}/leads", make_lead())["items"][0]["id"]
    buy(buyer, lead_id)
    page = reader.get(f"/leads/{lead_id}")
    assert "sold 1 of 3" in page.words
    assert "The 1 buyer who has it keeps it." in page.words
    page = reader.follow(reader.post(f"/leads/{lead_id}/withdrawal"))
    assert "Taken off sale." in page.words
    assert "You took it off sale" in page.words
    assert "Take it off sale" not in page.words
    assert reader.follow(reader.post(f"/leads/{lead_id}/withdrawal")).status == 200


def test_a_sold_lead_cannot_be_withdrawn_and_tells_its_sales(reader, agency, api, buyer):
    (lead_id,) = put_on_sale(api(agency))
    order = buy(buyer, lead_id)
    buyer.post(f"/orders/{order}/disputes", {"reason": "invalid_phone", "statement": "Called twice, no such number."})
    page = reader.follow(reader.post(f"/leads/{lead_id}/withdrawal"))
    assert "no longer on sale" in page.words
    for words in ("Sold to buyer 1", "Buyer 1 disputes it", "disputed", "1 of 1 place"):
        assert words in page.words


def test_the_story_goes_on_until_the_money_is_there(reader, agency, api, buyer, later):
    (lead_id,) = put_on_sale(api(agency))
    buy(buyer, lead_id)
    assert "The money of sale 1 becomes yours" in reader.get(f"/leads/{lead_id}").words
    later(days=8)
    page = reader.get(f"/leads/{lead_id}")
    assert "The money of sale 1 is yours" in page.words
    assert "yours" in page.words


def test_nobody_else_finds_a_lead(visit, agency, api):
    (lead_id,) = put_on_sale(api(agency))
    stranger = visit(make_person("agency"))
    assert stranger.get(f"/leads/{lead_id}").status == 404
    assert stranger.post(f"/leads/{lead_id}/withdrawal").status == 404
    assert visit(make_person("buyer")).get("/leads").status == 403


def test_who_may_only_read_cannot_withdraw(visit, agency, api):
    (lead_id,) = put_on_sale(api(agency))
    finance = visit(make_person("agency", role="finance", org_id=agency.org_id))
    assert "Withdraw" not in finance.get(f"/leads/{lead_id}").text.split("<main")[1]
    assert finance.post(f"/leads/{lead_id}/withdrawal").status == 403


def test_where_nothing_is_yet_it_says_what_to_do(reader):
    page = reader.get("/leads")
    assert "No leads yet" in page.words
    assert "Bring in a file" in page.words


def test_an_agency_says_what_it_found_out_about_a_person(reader, agency, api):
    (lead_id,) = put_on_sale(api(agency), make_lead(answers={"subject": "welding", "start": "later"}))
    page = reader.get(f"/leads/{lead_id}")
    assert "by the answer to “Subject”" in page.words
    told = {"need": "", "wish": "true", "ability": "", "by": "manager"}
    assert reader.post(f"/leads/{lead_id}/qualification", **told).status == 303
    words = reader.get(f"/leads/{lead_id}").words
    assert "The lead is MQL" in words
    assert "IQL → MQL, a person asked" in words
    reader.post(f"/leads/{lead_id}/qualification", by="manager")
    assert "Say what was found out" in reader.get(f"/leads/{lead_id}").words
