from datetime import date

import pytest
from playwright.sync_api import expect

from marketplace.billing import documents
from marketplace.billing.documents import DocumentKind, Draft
from marketplace.kit.db import transaction
from tests.factories.documents import line

K = DocumentKind
LONG = "Verwaltungsfachangestelltenfortbildung " * 3


@pytest.fixture
def issued(make_person):
    """A buyer and an agency, each with documents of every kind of theirs."""
    found = {}
    for kind, kinds in (("buyer", (K.RECEIPT, K.INVOICE)), ("agency", (K.SELF_BILL, K.STATEMENT))):
        person = make_person(kind)
        for each in kinds:
            found[each] = make(person, each)
        found[kind] = person
    found[K.CREDIT_NOTE] = make(found["buyer"], K.CREDIT_NOTE, corrects=found[K.INVOICE].id)
    return found


def make(person, kind, **more):
    with transaction():
        amounts = {"price_cents": 3_000, "fee_cents": 500} if kind == K.SELF_BILL else {}
        lines = [line(person.org_id, 2_500, title=LONG if number else "", **amounts) for number in range(3)]
        period = None if kind == K.RECEIPT else date(2026, 11, 1)
        opening = 12_345_678 if kind == K.STATEMENT else None
        return documents.issue(Draft(kind, person.org_id, "USD", lines, period=period, opening=opening, **more))


@pytest.mark.parametrize("side", ["buyer", "agency"])
def test_documents_are_open_to_everybody_who_can_read(look, issued, sign_in, axe, side):
    sign_in(look, issued[side])
    look.goto("/documents")
    axe(look)
    for address in look.locator("tbody a.cell").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        look.goto(address)
        axe(look)
    look.goto("/documents?kind=receipt&year=1999")
    axe(look)
    look.goto("/account")
    axe(look)


def test_before_there_are_any_too(look, make_person, sign_in, axe):
    sign_in(look, make_person("agency"))
    look.goto("/documents")
    axe(look)


def test_from_the_wallet_to_the_file_of_one_document(page, issued, sign_in):
    sign_in(page, issued["buyer"])
    page.goto("/wallet")
    page.get_by_role("link", name="Receipts, invoices and credit notes").click()
    page.locator("summary", has_text="Kind").click()
    page.locator("label", has_text="Invoice").click()
    page.wait_for_url("**/documents?kind=invoice*")
    page.locator("tbody tr").nth(1).wait_for(state="detached")
    page.get_by_role("link", name="Invoice", exact=True).click()
    page.get_by_role("heading", name=f"Invoice {issued[K.INVOICE].name}").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == f"{issued[K.INVOICE].name}.pdf"
    page.get_by_role("link", name=issued[K.CREDIT_NOTE].name).click()
    page.get_by_role("heading", name=f"Credit note {issued[K.CREDIT_NOTE].name}").wait_for()


def test_details_with_a_wrong_number_come_back_and_are_put_right(page, issued, sign_in, axe):
    sign_in(page, issued["buyer"])
    page.goto("/documents")
    page.get_by_role("link", name="Give legal name").click()
    page.get_by_label("Legal name").fill("Jaźń Sp. z o.o.")
    page.get_by_label("Address", exact=True).fill("ul. Długa 1\n00-052 Warszawa")
    page.get_by_label("Country").select_option("PL")
    page.get_by_label("Registered for VAT").check()
    page.get_by_label("VAT number").fill("8567346216")
    page.get_by_role("button", name="Save the invoice details").click()
    page.get_by_text("not a VAT number of this country").wait_for()
    axe(page)
    page.get_by_label("VAT number").fill("8567346215")
    page.get_by_role("button", name="Save the invoice details").click()
    page.get_by_text("Saved. New documents will use these details.").wait_for()
    expect(page.get_by_label("VAT number")).to_have_value("PL8567346215")
