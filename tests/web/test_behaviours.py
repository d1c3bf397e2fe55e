"""What the scripts do, on a real browser under the strict policy of production."""

import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "browser/vendor/axe.min.js"

LEADS = """{% extends "layouts/app.html" %}
{% from "components/bulk_bar.html" import bulk_bar %}
{% from "components/button.html" import button %}
{% from "components/checks.html" import checks %}
{% from "components/copy_line.html" import copy_line %}
{% from "components/file_drop.html" import file_drop %}
{% from "components/filters.html" import chip, chip_options, filters %}
{% from "components/table.html" import pick, pick_all %}
{% block title %}Leads{% endblock %}
{% block acts %}{{ button('Dispute', href='/inbox', key='d') }}{% endblock %}
{% block content %}
{% call filters('Filter leads', '/leads', '#leads') %}
  {% call chip('Grade') %}{{ chip_options('grade', [{'value': 'A', 'label': 'A'}]) }}{% endcall %}
  {% call chip('Age') %}{{ chip_options('age', [{'value': '24', 'label': 'a day'}]) }}{% endcall %}
{% endcall %}
<section id="leads">
  <table class="tbl" data-rows><caption class="visually-hidden">Leads</caption>
    <thead><tr><th scope="col">{{ pick_all('All') }}</th><th scope="col">Lead</th>
      <th scope="col">Checks</th></tr></thead>
    <tbody>{% for price in (4800, 5640, 210000) %}<tr><td>{{ pick(loop.index, 'Lead ' ~ loop.index, price) }}</td>
      <th scope="row"><a class="cell" href="/lead-{{ loop.index }}">Lead {{ loop.index }}</a></th>
      <td>{{ checks([{'label': 'Phone', 'result': 'passed'}]) }}</td></tr>{% endfor %}</tbody></table>
</section>
{{ bulk_bar('/orders', usd(215380)) }}
<label for="words">Words</label><textarea id="words"></textarea>
<form action="/opened">{{ button('Open', key='ctrl+enter') }}</form>
{{ copy_line('fairlead-verify=4b19') }}
{{ file_drop('doc', 'Paper') }}
{% endblock %}"""


@pytest.fixture
def address(parts_app):
    names = ("leads", "inbox", "opened", "lead-1", "lead-2", "lead-3")
    parts_app.extensions["pages"].update(dict.fromkeys(names, LEADS))
    server = make_server("127.0.0.1", 0, parts_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium, address):
    """The list of leads, open; it fails the test when the browser complains of anything."""
    context = chromium.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/leads")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()
    assert [text for text in complaints if "Failed to load" not in text] == []


def test_the_switch_changes_the_scheme_and_the_server_keeps_it(page):
    page.click("[data-scheme=switch] >> visible=true")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.goto("/inbox")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 23, 30)"


def test_the_systems_choice_holds_until_then(chromium, address):
    context = chromium.new_context(base_url=address, color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.goto("/leads")
    assert page.locator("body").evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(19, 23, 30)"
    context.close()


def test_the_bulk_bar_counts_what_is_ticked(page):
    bar = page.locator("[data-bulk]")
    assert not bar.is_visible()
    page.check("text=Lead 1 >> xpath=ancestor::tr >> [data-pick]")
    page.check("text=Lead 2 >> xpath=ancestor::tr >> [data-pick]")
    assert bar.locator("button[type=submit]").inner_text() == "Buy 2 for $104.40"
    assert bar.locator("[data-bulk-left]").inner_text() == "$2,049.40"
    assert page.locator("[data-pick-all]").evaluate("box => box.indeterminate")
    page.check("[data-pick-all]")
    assert bar.locator("[data-bulk-left]").inner_text() == "$50.60"
    assert bar.locator("[data-bulk-missing]").is_visible()
    page.click("[data-bulk-clear]")
    assert not bar.is_visible()


def test_without_a_script_the_bulk_bar_stands_there_and_sends_what_is_ticked(chromium, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/leads")
    assert page.locator("[data-bulk] button[type=submit]").inner_text() == "Buy the selected"
    assert page.locator(".filters button[type=submit]").is_visible()
    assert not page.locator("[data-scheme] >> visible=true").count()
    page.check("[data-pick] >> nth=1")
    with page.expect_request("**/orders") as sent:
        page.click("[data-bulk] button[type=submit]")
    assert "lead=2" in sent.value.post_data
    context.close()


def test_keys_go_to_pages_and_press_buttons(page):
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    page.goto("/leads")
    page.keyboard.press("d")
    page.wait_for_url("**/inbox")


def test_keys_are_silent_while_typing_but_for_the_one_that_sends(page):
    page.fill("#words", "")
    page.type("#words", "dgi?jx")
    assert page.input_value("#words") == "dgi?jx"
    assert page.url.endswith("/leads")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/opened*")


def test_keys_move_through_rows_select_and_open(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.locator("tr.is-now").inner_text().strip().startswith("Lead 2")
    page.keyboard.press("x")
    assert page.locator("tr.is-now [data-pick]").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lead-2")


def test_a_row_tells_when_it_comes_into_focus(page):
    page.evaluate("addEventListener('row-now', (e) => { window.now = e.target.innerText.trim().slice(0, 6); })")
    page.keyboard.press("j")
    assert page.evaluate("window.now") == "Lead 1"


def test_the_sheet_of_keys_shows_what_this_page_offers_and_can_switch_them_off(page):
    page.keyboard.press("?")
    sheet = page.locator("[data-keys-help]")
    assert "Inbox" in sheet.locator("[data-keys=go]").inner_text()
    assert "Dispute" in sheet.locator("[data-keys=page]").inner_text()
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    page.keyboard.press("d")
    page.keyboard.press("?")
    page.wait_for_timeout(100)
    assert page.url.endswith("/leads")
    assert not sheet.is_visible()
    page.click(".who summary")
    page.click("[data-keys-open] >> visible=true")
    page.check("[data-keys-on]")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.wait_for_url("**/inbox")


def test_escape_and_a_click_beside_close_what_floats(page):
    chips = page.locator("details.chip")
    chips.nth(0).locator("summary").click()
    assert chips.nth(0).get_attribute("open") is not None
    chips.nth(1).locator("summary").click()
    assert chips.nth(0).get_attribute("open") is None
    page.keyboard.press("Escape")
    assert chips.nth(1).get_attribute("open") is None
    assert chips.nth(1).locator("summary").evaluate("e => e === document.activeElement")
    chips.nth(0).locator("summary").click()
    page.mouse.click(700, 600)
    assert chips.nth(0).get_attribute("open") is None


def test_the_words_of_the_marks_come_with_hover_and_go_with_escape(page):
    words = page.locator(".checks-pop").first
    page.locator(".checks").first.hover()
    assert words.is_visible()
    page.keyboard.press("Escape")
    assert not words.is_visible()
    page.mouse.move(0, 0)
    page.locator(".checks").first.hover()
    assert words.is_visible()


def test_a_filter_swaps_the_list_and_moves_the_address(page):
    page.evaluate("document.querySelector('#leads').dataset.old = 'yes'")
    page.locator("details.chip").nth(0).locator("summary").click()
    page.check("input[name=grade]")
    page.wait_for_url("**/leads?grade=A")
    page.wait_for_function("!document.querySelector('#leads').dataset.old")
    assert page.locator("details.chip").nth(0).get_attribute("open") is not None


def test_a_refusal_of_a_part_is_told_at_the_top_and_the_list_stays(page):
    page.route(
        "**/leads?*", lambda route: route.fulfill(status=429, body='<div class="note" data-trouble>Slower</div>')
    )
    page.locator("details.chip").nth(0).locator("summary").click()
    page.check("input[name=grade]")
    page.wait_for_selector("[data-flashes] [data-trouble]")
    assert page.locator("[data-flashes]").inner_text().strip() == "Slower"
    assert page.locator("#leads tbody tr").count() == 3


def test_a_broken_answer_is_told_in_words_of_our_own(page):
    page.route("**/leads?*", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.locator("details.chip").nth(0).locator("summary").click()
    page.check("input[name=grade]")
    page.wait_for_selector("[data-trouble-here] .note")
    assert "did not go through" in page.locator("[data-flashes]").inner_text()
    assert page.locator("#leads tbody tr").count() == 3


def test_a_line_is_copied_and_the_copying_said(page):
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-said]').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == "fairlead-verify=4b19"


def test_the_drop_area_names_what_was_chosen_or_dropped(page):
    page.set_input_files("#f-doc", {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    assert page.locator("[data-file-names]").inner_text() == "licence.pdf"
    page.evaluate(
        """() => { const taken = new DataTransfer(); taken.items.add(new File(["x"], "bill.pdf"));
        const drop = new DragEvent("drop", { bubbles: true, dataTransfer: taken });
        document.querySelector(".drop-x").dispatchEvent(drop); }"""
    )
    assert page.locator("[data-file-names]").inner_text() == "bill.pdf"
    assert page.locator("#f-doc").evaluate("input => input.files[0].name") == "bill.pdf"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, address, scheme, width):
    context = chromium.new_context(base_url=address, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto("/leads")
    page.check("[data-pick] >> nth=0")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((result) => result.violations.map((rule) => rule.id))")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert (found, wider) == ([], 0)
