"""The pages of documents and the form of billing details, over HTTP."""

import csv
import io

import pytest

from marketplace.billing import documents
from marketplace.billing.documents import DocumentKind
from marketplace.kit.db import transaction
from tests.conftest import Visitor
from tests.factories.money import fund
from tests.factories.pages import Reader
from tests.factories.people import make_person

K = DocumentKind
GIVEN = {"legal_name": "Jaźń Sp. z o.o.", "address": "ul. Długa 1\r\n\r\n 00-052  Warszawa ", "country": "PL"}


@pytest.fixture
def visit(app):
    """Somebody signed in at the pages."""

    def visit(person):
        reader = Reader(Visitor(app, app.response_class, use_cookies=True))
        reader.sign_in(person)
        return reader

    return visit


@pytest.fixture
def reader(visit, org):
    return visit(org)


def test_before_there_is_one_the_page_says_when_there_will_be(reader, visit):
    words = reader.get("/documents").words
    assert "No documents yet" in words
    assert "invoiced at the end of it" in words
    assert "self-billing invoice that we make out for you" in visit(make_person("agency")).get("/documents").words


def test_documents_are_listed_and_chosen_by_kind_and_year(visit, org, issue, clock):
    issue(kind=K.RECEIPT)
    invoice = issue(12_345)
    year = clock.now().year
    clock.advance(days=366)
    issue(kind=K.RECEIPT)
    reader = visit(org)
    words = reader.get("/documents").words
    assert (words.count(f"RCP-{year}-"), words.count(f"RCP-{year + 1}-")) == (1, 1)
    assert "$123.45" in words
    words = reader.get(f"/documents?kind=invoice&year={year}").words
    assert invoice.name in words
    assert "RCP-" not in words
    assert "No document fits" in reader.get(f"/documents?kind=invoice&year={year + 1}").words
    assert invoice.name in reader.get("/documents?kind=novel&year=MMXX").words


def test_a_long_list_goes_on_page_by_page(reader, issue):
    for number in range(1, 28):
        issue(100 * number)
    first = reader.get("/documents").text
    more = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = reader.get(more).words
    assert "2 on this page" in second
    assert "-00001" in second
    assert reader.get("/documents?cursor=nonsense").status == 422


def test_one_document_shows_its_lines_its_files_and_what_corrects_it(reader, issue):
    invoice = issue(10_000, 2_500)
    note = issue(4_000, kind=K.CREDIT_NOTE, corrects=invoice.id)
    page = reader.get(f"/documents/{invoice.id}")
    for said in (f"Invoice {invoice.name}", "$125.00", "VAT is not charged.", "Corrected by", note.name, "$40.00"):
        assert said in page.words
    assert f"{invoice.name} of" in reader.get(f"/documents/{note.id}").words
    pdf = reader.get(f"/documents/{invoice.id}.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{invoice.name}.pdf"'
    assert "$125.00" in pdf.text
    table = reader.get(f"/documents/{invoice.id}.csv")
    assert table.headers["Content-Disposition"] == f'attachment; filename="{invoice.name}.csv"'
    assert [row[9] for row in csv.reader(io.StringIO(table.text))][1:] == ["100.00", "25.00", "125.00"]


def test_a_receipt_leads_to_its_top_up(reader, org):
    top_up_id = fund(org.who, 5_000)
    with transaction():
        receipt = documents.issue_receipt(top_up_id)
    assert f'href="/wallet/top-ups/{top_up_id}"' in reader.get(f"/documents/{receipt.id}").text


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
def test_somebody_elses_document_does_not_exist(visit, issue, ending):
    invoice = issue()
    for stranger in (make_person("buyer"), make_person("agency")):
        assert visit(stranger).get(f"/documents/{invoice.id}{ending}").status == 404


@pytest.mark.parametrize(("kind", "role", "status"), [
    ("buyer", "finance", 200), ("buyer", "member", 200), ("agency", "finance", 200), ("agency", "member", 403),
    ("staff", "owner", 403),
])  # fmt: skip
def test_who_may_see_the_money_sees_the_documents(visit, kind, role, status):
    assert visit(make_person(kind, role=role)).get("/documents").status == status


def test_the_details_are_given_on_the_account_page_and_stand_on_what_is_issued_then(reader, issue, org):
    before = issue()
    assert "made out to" in reader.get("/documents").words
    sent = reader.post("/account/billing", **GIVEN, is_vat_registered="1", vat_id="856-734-62-15")
    page = reader.follow(sent)
    assert page.value_of("legal_name") == GIVEN["legal_name"]
    assert page.value_of("vat_id") == "PL8567346215"
    assert "made out to" not in reader.get("/documents").words
    after = issue()
    assert before.theirs["name"] == org.who.org_name
    assert after.theirs == {
        "name": "Jaźń Sp. z o.o.", "address": "ul. Długa 1\n00-052 Warszawa", "country": "PL",
        "vat_id": "PL8567346215",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"is_vat_registered": "1", "vat_id": "PL8567346216"}, "not a VAT number of this country"),
        ({"is_vat_registered": "1", "country": "US", "vat_id": "1"}, "not look like a tax number"),
        ({"is_vat_registered": "1"}, "Give the VAT number, or say"),
        ({"vat_id": "PL8567346215"}, "Say that you are registered"),
        ({"legal_name": ""}, "Fill this in."),
        ({"address": "\n".join("abcdef")}, "Take 5 lines or fewer."),
        ({"legal_name": "x" * 161}, "Too long: use 160 characters or fewer."),
        ({"country": "ZZ"}, "Give the country as two letters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(reader, wrong, said):
    form = {**GIVEN, "legal_name": "Kept & quoted", **wrong}
    page = reader.post("/account/billing", **form)
    assert page.status == 422
    assert said in page.words
    assert page.value_of("legal_name") == form["legal_name"].strip()


@pytest.mark.parametrize(("kind", "role"), [("buyer", "member"), ("agency", "member"), ("staff", "owner")])
def test_who_does_not_look_after_the_money_does_not_change_them(visit, kind, role):
    reader = visit(make_person(kind, role=role))
    assert 'name="legal_name"' not in reader.get("/account").text
    assert reader.post("/account/billing", **GIVEN).status == 403
