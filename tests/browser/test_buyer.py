import re
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import expect

from marketplace.disputes import persons
from marketplace.kit.db import transaction
from marketplace.orders.outcomes import hooks
from tests.factories.cards import fill_from, keep_card
from tests.factories.doubts import ask_proof
from tests.factories.leads import ANSWERS, make_lead, shared
from tests.factories.money import fund, owe
from tests.factories.sales import acquire, offer, report
from tests.factories.story import put_on_sale
from tests.factories.trials import told_trial, waiting_trial

LONG = "Verwaltungsfachangestelltenfortbildung " * 4
NARROW = re.compile(r"^Buy for")


@pytest.fixture
def world(make_person, api):
    """A buyer with 200.00, one lead bought, and leads of two trades on sale."""
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 20_000)
    fill_from(buyer.who, keep_card(buyer.who).card_id)
    scripts = api(agency)
    put_on_sale(scripts, count=3, **shared())
    put_on_sale(scripts, make_lead(answers=ANSWERS["home_services"]), vertical="home_services", title=LONG[:120])
    (lead_id,) = put_on_sale(scripts, make_lead(comment=LONG, street=LONG[:80], first_name="Wolfeschlegelstein"))
    price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
    order = api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]
    return SimpleNamespace(agency=agency, buyer=buyer, order=order)


def test_every_page_of_a_buyer_is_open_to_everybody_who_can_read(look, world, sign_in, axe, api):
    sign_in(look, world.buyer)
    said = {"reason": "bot", "statement": LONG}
    pages = ["/catalog", "/catalog?vertical=insurance", "/orders", f"/orders/{world.order}", "/wallet", "/disputes"]
    (dear,) = put_on_sale(api(world.agency), price={"amount": 30_000, "currency": "USD"})
    pages += [f"/orders/{world.order}/calls", f"/orders/{world.order}/outcome", "/orders/outcomes", f"/catalog/{dear}"]
    api(world.buyer).post(f"/orders/{world.order}/outcomes", {"stage": "won", "reason": LONG})
    ask_proof(world.buyer, [world.order])
    pages += ["/orders/contact-times", "/sales/reporting", f"/agencies/{world.agency.org_id}"]
    with transaction():
        hooks.renew(world.buyer.who)
    pages += ["/orders/outcomes/hook", "/score-trials", f"/score-trials/{waiting_trial(world.buyer.who, 60)}"]
    pages += [f"/score-trials/{told_trial(world.buyer.who)}"]
    for path in [*pages, "/wallet/cards", f"/orders/{world.order}/dispute"]:
        look.goto(path)
        axe(look)
    dispute = api(world.buyer).post(f"/orders/{world.order}/disputes", said)["id"]
    with transaction():
        token = persons.ask(UUID(dispute)).token
    for path in (f"/disputes/{dispute}", f"/orders/{world.order}", f"/asked?token={token}"):
        look.goto(path)
        axe(look)
    look.goto("/catalog")
    look.goto(look.locator("tbody a.cell").first.get_attribute("href"))
    axe(look)


def test_a_list_of_sales_holds_the_longest_number_beside_what_is_to_be_reported(look, world, sign_in, axe, api):
    deals = offer(api(world.agency), count=2)
    sold, _waits = (acquire(api(world.buyer), deal) for deal in deals)
    sale = report(api(world.buyer), sold, 90_000_00, reference=LONG[:100])["id"]
    api(world.agency).post(f"/sales/{sale}/answers", {"accept": True})
    sign_in(look, world.buyer)
    for path in ("/sales", f"/sales/{sale}"):
        look.goto(path)
        axe(look)
    look.goto("/sales")
    table = look.locator(".tbl-sales").evaluate("(table) => table.scrollWidth - table.parentElement.clientWidth")
    assert table <= 32, "on a phone it reaches the edges of the screen"


def test_who_owes_reads_so_wherever_it_would_pay(look, world, sign_in, axe):
    owe(world.buyer.who, 30_00, "EUR")
    sign_in(look, world.buyer)
    for path in ("/catalog", "/wallet", "/wallet?currency=USD", "/wallet/refunds/new"):
        look.goto(path)
        axe(look)
    look.goto("/catalog?vertical=education")
    look.locator("[data-pick]").nth(0).check()
    look.locator(".bulk button[type=submit]").click()
    look.get_by_role("heading", name="Buy 1 lead").wait_for()
    axe(look)


def test_an_empty_inbox_and_wallet_are_open_to_everybody_who_can_read(look, make_person, sign_in, axe):
    sign_in(look, make_person("buyer"))
    for path in ("/orders", "/wallet", "/wallet/cards", "/disputes", "/catalog"):
        look.goto(path)
        axe(look)


def test_filters_work_by_mouse_and_keep_the_place_for_keys(page, world, sign_in):
    sign_in(page, world.buyer)
    page.goto("/catalog")
    page.locator("summary", has_text="Trade").click()
    page.locator("label", has_text="Home services").click()
    page.wait_for_url("**/catalog?vertical=home_services")
    page.get_by_text("1 lead", exact=True).wait_for()
    expect(page.locator("details.chip[open]")).to_have_count(0)
    page.locator("summary", has_text="Trade").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**/catalog?vertical=education")
    page.get_by_text("3 leads", exact=True).wait_for()
    assert page.evaluate("document.activeElement.value") == "education"
    page.keyboard.press("Escape")
    expect(page.locator("details.chip[open]")).to_have_count(0)
    page.go_back()
    page.get_by_text("1 lead", exact=True).wait_for()


def test_rows_open_beside_the_list_and_one_is_bought_by_keys(page, world, sign_in):
    sign_in(page, world.buyer)
    page.goto("/catalog?vertical=education")
    beside = page.locator("#preview h2 a")
    first = beside.get_attribute("href")
    page.keyboard.press("j")
    page.wait_for_function(
        "(before) => document.querySelector('#preview h2 a').getAttribute('href') !== before", arg=first
    )
    expect(page.locator("tr.is-now a.cell")).to_have_attribute("href", beside.get_attribute("href") or "")
    page.keyboard.press("b")
    page.get_by_role("heading", name="Maria Sandoval").wait_for()
    page.get_by_text("Bought for $25.00").wait_for()


def test_on_a_phone_a_row_is_a_page_of_its_own(browse, world, sign_in):
    phone = browse(width="phone")
    sign_in(phone, world.buyer)
    phone.goto("/catalog?vertical=education")
    phone.locator("tbody a.cell").first.tap()
    phone.wait_for_url(re.compile(r"/catalog/[0-9a-f-]{36}$"))
    phone.get_by_role("button", name=NARROW).tap()
    phone.get_by_role("heading", name="Maria Sandoval").wait_for()


def test_the_bar_counts_and_several_are_bought_for_its_sum(page, world, sign_in, axe):
    sign_in(page, world.buyer)
    page.goto("/catalog?vertical=education")
    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(1).check()
    bar = page.locator(".bulk")
    bar.get_by_text("2 selected").wait_for()
    bar.get_by_text("$125.00").wait_for()
    axe(page)
    bar.get_by_role("button", name="Buy 2 for $50.00").click()
    page.get_by_role("heading", name="2 leads bought").wait_for()
    axe(page)


def test_without_scripts_one_filters_buys_and_disputes(browse, world, sign_in):
    page = browse(scripts=False)
    sign_in(page, world.buyer)
    page.goto("/catalog")
    page.locator("summary", has_text="Trade").click()
    page.locator("input[name=vertical][value=education]").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/catalog?vertical=education")
    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(1).check()
    page.get_by_role("button", name="Buy the selected").click()
    page.get_by_role("button", name="Buy 2 for $50.00").click()
    page.get_by_role("heading", name="2 leads bought").wait_for()
    page.goto(f"/orders/{world.order}/dispute")
    page.get_by_label("Filled in by a program").check()
    page.get_by_label("In your words").fill("All fields in one second.")
    page.get_by_role("button", name="Open the dispute over").click()
    page.get_by_text("Your dispute is open").wait_for()


def test_a_card_is_declined_another_pays_and_a_lead_is_bought(page, make_person, api, sign_in, gateway):
    buyer = make_person("buyer")
    put_on_sale(api(make_person("agency")))
    sign_in(page, buyer)
    page.goto("/catalog")
    page.locator("#preview").get_by_role("link", name="Top up").click()
    page.get_by_role("button", name="Go on to the card").click()
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    stripe = urlsplit(page.url)._replace(path="/emulator", query="", fragment="").geturl()
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay $25.00").click()
    page.get_by_text("Your card was declined.").wait_for()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay $25.00").click()
    page.get_by_role("heading", name="$25.00 is in your wallet").wait_for()
    page.get_by_role("link", name="Open the catalogue").click()
    page.get_by_role("button", name=NARROW).click()
    page.get_by_role("heading", name="Maria Sandoval").wait_for()
    expect(page.locator(".side-money")).to_contain_text("$0.00")
    page.goto(stripe)
    page.get_by_role("button", name="Ask only").click()
    page.get_by_text("warning needs response").wait_for()


def test_a_dispute_is_opened_by_keys_with_a_file(page, world, sign_in):
    sign_in(page, world.buyer)
    page.goto(f"/orders/{world.order}")
    page.keyboard.press("d")
    page.wait_for_url("**/dispute")
    page.keyboard.press("6")
    assert page.get_by_label("Filled in by a program").is_checked()
    page.get_by_label("In your words").fill("All fields in one second.")
    page.set_input_files("[name=evidence]", {"name": "log.txt", "mimeType": "text/plain", "buffer": b"1 s"})
    page.get_by_text("log.txt").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Your dispute is open").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="log.txt").click()
    assert download.value.suggested_filename == "log.txt"
