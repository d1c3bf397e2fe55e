"""The agency's pages in a browser: the main journey, each page in both schemes and widths, what moves by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.facts import ringing
from tests.factories.files import csv_of, row_of
from tests.factories.money import fund
from tests.factories.people import make_person as person_of
from tests.factories.story import buy, open_listing, put_on_sale

LONG = "Lebensversicherungsvergleichsportalanfragenweiterleitung"
LISTS = ("/overview", "/listings", "/imports", "/leads", "/balance", "/balance/held", "/quality")
OPEN_MENU = "details[data-pop][open] .menu"


@pytest.fixture
def agency(app):
    return person_of("agency")


@pytest.fixture
def file_of(tmp_path):
    """A file on the agency's own machine: -> its path."""

    def write(content, name="leads.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def sold(agency, api):
    """A listing with leads on sale, one sold, one disputed."""
    one, other, _left = put_on_sale(api(agency), count=3, title="Career courses, Texas")
    buyer = person_of("buyer")
    fund(buyer.who, 20_000)
    buy(api(buyer), one)
    order = buy(api(buyer), other)
    said = {"reason": "invalid_phone", "statement": "Called on two days, there is no such number."}
    api(buyer).post(f"/orders/{order}/disputes", said)
    return one


@pytest.fixture
def uploaded(page_with_listing, run_jobs, file_of):
    """Upload a file through the page and have it read: uploaded(content) -> the page, at the mapping."""

    def upload(content, name="leads.csv"):
        page = page_with_listing
        page.goto("/imports")
        page.set_input_files("input[type=file]", file_of(content, name))
        page.get_by_role("button", name="Upload and look").click()
        page.get_by_role("heading", name="Reading the file").wait_for()
        run_jobs()
        return page

    return upload


@pytest.fixture
def page_with_listing(page, agency, api, sign_in):
    open_listing(api(agency), title="Career courses")
    sign_in(page, agency)
    return page


def declare(page):
    page.get_by_label("Text the person agreed to").fill("I agree to be called about courses.")
    page.get_by_label("I declare that").check()


def test_from_a_listing_to_leads_on_sale(page, agency, sign_in, run_jobs, file_of, axe):
    sign_in(page, agency)
    page.get_by_role("heading", name="Put your first leads on sale").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.get_by_role("heading", name="What do you sell?").wait_for()
    page.get_by_role("link", name="Make a listing").click()
    page.get_by_label("Title").fill("Career courses")
    page.get_by_label("Trade").select_option("education")
    page.get_by_label("Price of a lead").fill("12.50")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("link", name="Bring in a file").click()
    content = csv_of(row_of(), row_of(), row_of(phone="+12125550123", email=""), delimiter="\t", encoding="utf-16")
    page.set_input_files("input[type=file]", file_of(content))
    page.get_by_text("leads.csv").wait_for()
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("heading", name="Reading the file").wait_for()
    axe(page)
    run_jobs()
    page.get_by_role("heading", name="Match the columns").wait_for()
    declare(page)
    page.get_by_role("button", name="Import 2 leads").click()
    page.get_by_role("heading", name="Importing").wait_for()
    axe(page)
    run_jobs()
    page.get_by_role("heading", name="2 leads put on sale").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Rows with reasons").first.click()
    assert "phone_fictitious" in download.value.path().read_text()
    page.get_by_role("link", name="All in Leads").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_the_forecast_moves_with_each_change_and_the_keyboard_stays_where_it_was(uploaded, axe):
    page = uploaded(csv_of(row_of(), row_of(comment="a;b")))
    page.get_by_role("heading", name="Match the columns").wait_for()
    page.locator("#forecast").get_by_text("0 of 2").wait_for()
    declare(page)
    page.locator("#forecast").get_by_text("2 of 2").wait_for()
    phone, email = page.get_by_label("Field for Phone"), page.get_by_label("Field for Email")
    phone.select_option("ignore")
    email.focus()
    email.select_option("ignore")
    page.locator("#forecast").get_by_text("No column holds a phone").wait_for()
    assert email.evaluate("element => element === document.activeElement")
    email.select_option("email")
    expect(page.get_by_label("Text the person agreed to")).to_have_value("I agree to be called about courses.")


def test_one_field_for_two_columns_is_refused_in_place(uploaded, axe):
    page = uploaded(csv_of(row_of()))
    page.get_by_label("Field for City").select_option("email")
    page.get_by_text("“Email” already fills this field.").wait_for()
    axe(page)
    page.get_by_label("Field for City").select_option("city")
    page.get_by_text("“Email” already fills this field.").wait_for(state="detached")


def test_the_file_is_read_again_by_its_chips(uploaded, axe):
    page = uploaded(csv_of(row_of(), row_of()))
    page.get_by_role("heading", name="Match the columns").wait_for()
    page.get_by_label("Text the person agreed to").fill("Typed, and not declared yet")
    page.locator("summary", has_text="Header").click()
    page.get_by_label("none").check()
    page.get_by_label("Field for Column 3").wait_for()
    page.locator("summary", has_text="Phones").click()
    page.get_by_label("Phones without a country code are from").select_option("PL")
    page.locator("summary", has_text="Phones Poland").wait_for()
    page.locator("summary", has_text="Encoding").click()
    expect(page.locator(OPEN_MENU)).to_have_count(1)
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator(OPEN_MENU)).to_have_count(0)
    expect(page.get_by_label("Text the person agreed to")).to_have_value("Typed, and not declared yet")


def test_a_running_import_moves_pauses_and_goes_on(uploaded, run_jobs, axe):
    page = uploaded(csv_of(*(row_of() for _ in range(3))))
    page.get_by_role("heading", name="Match the columns").wait_for()
    declare(page)
    page.get_by_role("button", name="Import 3 leads").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("heading", name="Paused after 0 of 3 rows").wait_for()
    axe(page)
    page.locator("summary", has_text="Cancel").click()
    page.get_by_text("No more rows are read").wait_for()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=re.compile("^Importing")).wait_for()
    page.locator("summary", has_text="Cancel").click()
    page.wait_for_timeout(2500)
    assert page.get_by_role("button", name="Keep it").is_visible()
    assert page.title() == "Importing · Fairlead"
    run_jobs()
    page.get_by_role("heading", name="3 leads put on sale").wait_for()


def test_without_scripts_the_same_work_is_done(browse, agency, api, sign_in, run_jobs, file_of):
    open_listing(api(agency), title="Career courses")
    page = browse(scripts=False)
    sign_in(page, agency)
    page.goto("/imports")
    page.set_input_files("input[type=file]", file_of(csv_of(row_of())))
    page.get_by_role("button", name="Upload and look").click()
    run_jobs()
    page.get_by_role("link", name="Check whether it is done").click()
    declare(page)
    page.get_by_label("Field for Notes").select_option("ignore")
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Import 1 lead").click()
    run_jobs()
    page.get_by_role("link", name="Show how far it is now").click()
    page.get_by_role("heading", name="1 lead put on sale").wait_for()


def test_each_page_can_be_read_by_everybody(look, agency, sold, sign_in, axe):
    ringing(agency.org_id, 1)
    sign_in(look, agency)
    for path in (*LISTS, "/leads/outcomes", "/listings/new", f"/leads/{sold}"):
        look.goto(path)
        axe(look)


def test_each_page_with_nothing_on_it_too(look, agency, sign_in, axe):
    sign_in(look, agency)
    for path in LISTS:
        look.goto(path)
        axe(look)


@pytest.mark.parametrize("look", ["light-desk", "dark-phone"], indirect=True)
def test_long_names_break_no_page(look, agency, api, sign_in, run_jobs, file_of, axe):
    listing = open_listing(api(agency), title=f"{LONG} {LONG}"[:120], incentive=LONG * 3)
    sign_in(look, agency)
    look.goto("/imports")
    header = ("Lead ID", "Created At", "First Name", "Last Name", "Phone", "Email", "City", LONG * 3)
    content = csv_of(row_of(comment=LONG * 4), row_of(phone="+12125550123", email=""), header=header)
    look.set_input_files("input[type=file]", file_of(content, f"{LONG * 3}.csv"))
    look.get_by_role("button", name="Upload and look").click()
    axe(look)
    run_jobs()
    look.get_by_role("heading", name="Match the columns").wait_for()
    axe(look)
    declare(look)
    look.get_by_role("button", name="Import 1 lead").click()
    run_jobs()
    look.get_by_role("heading", name="1 lead put on sale").wait_for()
    axe(look)
    for path in ("/overview", "/imports", f"/listings/{listing}", f"/listings/{listing}/edit", "/listings", "/leads"):
        look.goto(path)
        axe(look)


def test_a_file_that_cannot_be_read_says_what_to_do(look, agency, api, sign_in, run_jobs, file_of, axe):
    open_listing(api(agency))
    sign_in(look, agency)
    look.goto("/imports")
    look.set_input_files("input[type=file]", file_of(b"PK\x03\x04" + bytes(100), "leads.xlsx"))
    look.get_by_role("button", name="Upload and look").click()
    run_jobs()
    look.get_by_role("heading", name="This file cannot be read").wait_for()
    axe(look)
    look.get_by_role("link", name="Send another file").click()
    look.get_by_role("button", name="Upload and look").click()
    expect(look.locator("input:invalid")).to_have_count(1)


def test_a_wrong_form_is_shown_again_and_can_be_read_by_everybody(look, agency, sign_in, axe):
    sign_in(look, agency)
    look.goto("/listings/new")
    look.get_by_label("Title").fill("Career courses")
    look.get_by_label("Trade").select_option("education")
    look.get_by_label("Price of a lead").fill("a lot")
    look.get_by_role("button", name="Save as a draft").click()
    look.get_by_text("Write the price as a number").wait_for()
    axe(look)


def test_leads_are_filtered_in_place_and_the_address_follows(page, agency, sold, sign_in):
    sign_in(page, agency)
    page.goto("/leads")
    page.get_by_role("link", name="Sold 2").click()
    page.locator("summary", has_text="Listing").click()
    page.get_by_label("Career courses, Texas").check()
    page.wait_for_url(re.compile(r"listing="))
    assert "state=sold_out" in page.url
    expect(page.locator("tbody tr")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/leads/[0-9a-f-]{36}"))
