from uuid import uuid4

import pytest

from marketplace import catalog
from marketplace.catalog import ListingState
from marketplace.catalog.schemas import ListingTerms
from marketplace.kit.db import transaction
from marketplace.kit.paging import Ask
from tests.factories.leads import make_listing
from tests.factories.people import make_person
from tests.factories.story import open_listing, put_on_sale

FORM = {
    "title": "Career courses, Texas",
    "vertical": "education",
    "kind": "consumer",
    "exclusivity": "shared",
    "max_buyers": "4",
    "price": "1,250.50",
    "currency": "EUR",
    "window_days": "10",
    "default_country": "PL",
    "temperature": "warm",
    "origin": "landing_page",
    "incentive": "",
}


@pytest.fixture
def reader(visit, agency):
    return visit(agency)


def listings_of(agency):
    with transaction():
        return catalog.listings_for(agency.who, Ask()).items


def made(reader, **changed):
    return reader.post("/listings", **{**FORM, "key": str(uuid4()), **changed})


def test_a_new_listing_is_a_draft_with_the_terms_that_were_typed(reader, agency):
    page = reader.follow(made(reader))
    for words in ("Career courses, Texas", "draft", "€1,250.50", "up to 4 buyers", "Poland", "Landing page", "Warm"):
        assert words in page.words
    (listing,) = listings_of(agency)
    assert (listing.price_cents, listing.currency, listing.max_buyers, listing.window_days) == (125_050, "EUR", 4, 10)
    assert listing.state == ListingState.DRAFT


def test_an_exclusive_listing_has_one_buyer_whatever_the_number_says(reader, agency):
    assert made(reader, exclusivity="exclusive").status == 303
    assert listings_of(agency)[0].max_buyers == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"price": "about ten"}, "Write the price as a number"),
        ({"price": "1e999999999"}, "Write the price as a number"),
        ({"price": "0.50"}, "Give an amount from €1.00 to €10,000.00."),
        ({"price": ""}, "Say what a lead costs."),
        ({"title": "ab"}, "Write 3 to 120 characters."),
        ({"vertical": "weapons"}, "Choose one from the list."),
        ({"window_days": "40"}, "Give a number from 3 to 14."),
        ({"kind": "targeted"}, "always exclusive"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(reader, agency, wrong, words):
    page = made(reader, **wrong)
    assert page.status == 422
    assert words in page.words
    assert page.value_of("incentive") == ""
    assert page.value_of("title") == wrong.get("title", FORM["title"])
    assert listings_of(agency) == []


def test_the_same_form_twice_makes_one_listing(reader, agency):
    key = str(uuid4())
    assert made(reader, key=key).location == made(reader, key=key).location
    assert len(listings_of(agency)) == 1
    assert made(reader).status == 303
    assert len(listings_of(agency)) == 2


def test_everything_of_a_draft_can_change(reader, agency):
    place = made(reader).location
    changed = {"vertical": "home_services", "exclusivity": "exclusive", "price": "30", "currency": "USD"}
    assert reader.post(place, **{**FORM, **changed, "temperature": ""}).status == 303
    (listing,) = listings_of(agency)
    assert (listing.vertical, listing.max_buyers, listing.temperature) == ("home_services", 1, None)
    assert (listing.price_cents, listing.currency) == (3000, "USD")


def test_an_open_listing_keeps_what_buyers_relied_on_and_remembers_its_versions(reader, agency):
    place = made(reader).location
    reader.post(f"{place}/state", state="active")
    form = reader.get(f"{place}/edit")
    assert "cannot change once a listing has been open" in form.words
    assert 'name="vertical"' not in form.text
    changed = {"title": FORM["title"], "price": "40", "window_days": "7", "vertical": "insurance", "temperature": ""}
    page = reader.follow(reader.post(place, **changed))
    assert "version 2" in page.words
    assert "Price: €1,250.50 → €40.00" in page.words
    assert "Temperature: Warm → not said" in page.words
    (listing,) = listings_of(agency)
    assert (listing.vertical, listing.currency) == ("education", "EUR")


def test_a_change_that_does_not_fit_is_shown_again(reader):
    place = made(reader).location
    page = reader.post(place, **{**FORM, "price": "12,5"})
    assert page.status == 422
    assert page.value_of("price") == "12,5"


def test_opening_pausing_and_archiving_say_what_will_happen(reader, agency):
    place = made(reader).location
    assert "It accepts no leads, and no buyer sees it" in reader.get(place).words
    page = reader.follow(reader.post(f"{place}/state", state="active"))
    assert "leave the catalogue until you open the listing again" in page.words
    assert "Open it" not in page.words.replace("Open it again", "")
    page = reader.follow(reader.post(f"{place}/state", state="paused"))
    assert "Open it again" in page.words
    page = reader.follow(reader.post(f"{place}/state", state="archived"))
    assert "Archived for good." in page.words
    assert reader.post(f"{place}/state", state="active").status == 409
    assert reader.post(f"{place}/state", state="sold").status == 404
    assert listings_of(agency)[0].state == ListingState.ARCHIVED


def test_the_list_counts_by_state_and_by_what_is_on_sale(reader, agency, api):
    put_on_sale(api(agency), count=2, title="Two of them")
    made(reader, title="Not yet")
    page = reader.get("/listings")
    for words in ("All 2", "Open 1", "Drafts 1", "Paused 0", "Archived 0"):
        assert words in page.words
    drafts = reader.get("/listings?state=draft").words
    assert "Not yet" in drafts
    assert "Two of them" not in drafts
    assert "No listing is in this state" in reader.get("/listings?state=paused").words
    assert reader.get("/listings?state=nonsense").status == 200


def test_leads_of_a_paused_listing_wait(reader, agency, api):
    listing = open_listing(api(agency))
    put_on_sale(api(agency), count=3, title="Paused one")
    place = next(f"/listings/{found.id}" for found in listings_of(agency) if str(found.id) != listing)
    assert "3 leads wait and cannot be bought" in reader.follow(reader.post(f"{place}/state", state="paused")).words
    assert "3 wait" in reader.get("/listings").words


def test_a_long_list_goes_on_page_by_page(reader, agency):
    with transaction():
        for number in range(30):
            catalog.create(agency.who, ListingTerms().load(make_listing(title=f"Offer {number:02}")))
    first = reader.get("/listings")
    assert "Offer 29" in first.words
    assert "Offer 04" not in first.words
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = reader.get(older)
    assert "Offer 04" in second.words
    assert "First page" in second.words
    assert reader.get("/listings?cursor=nonsense").status == 422


def test_nobody_else_finds_it(visit, reader):
    place = made(reader).location
    stranger = visit(make_person("agency"))
    for path in (place, f"{place}/edit"):
        assert stranger.get(path).status == 404
    assert stranger.post(place, **FORM).status == 404
    assert stranger.post(f"{place}/state", state="active").status == 404
    assert visit(make_person("buyer")).get("/listings").status == 403


def test_who_may_only_read_is_offered_nothing_more(visit, reader, agency):
    place = made(reader).location
    member = visit(make_person("agency", role="member", org_id=agency.org_id))
    page = member.get(place)
    assert page.status == 200
    assert "Archive" not in page.words
    assert "New listing" not in member.get("/listings").words
    for path in ("/listings/new", f"{place}/edit"):
        assert member.get(path).status == 403
    assert made(member).status == 403


def test_where_nothing_is_yet_it_says_what_to_do(reader):
    assert "What do you sell?" in reader.get("/listings").words
    place = made(reader).location
    assert "No file has been sent into this listing yet." in reader.get(place).words
