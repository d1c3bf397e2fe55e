"""The files of a document as their readers open them: PDF through a reader of PDFs, CSV through a reader of tables."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pypdf
import pytest
import time_machine
from flask_babel import force_locale

from marketplace.billing.documents import Document, DocumentKind, DocumentLine, Opened, csv_of, pdf_of, sheet_of

K = DocumentKind
AT = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
OURS = {"name": "Fairlead Exchange Ltd", "address": "1 Harbour Row, Dublin", "country": "IE", "vat_id": "IE6433435F"}
THEIRS = {"name": "Brightside Academy", "address": "Lamar 1\nAustin TX", "country": "US", "vat_id": ""}
POLISH = {"name": "Zażółć Gęślą Jaźń", "address": "ul. Świętokrzyska 18", "country": "PL", "vat_id": "PL8567346215"}
RUSSIAN = {"name": "ООО «Подъёмные механизмы»", "address": "ул. Щорса, 7", "country": "KZ", "vat_id": ""}
SPANISH = {"name": "Cañón y Peñíscola, S.L.", "address": "Plaza de España, 1º", "country": "ES", "vat_id": ""}


def opened(kind=K.INVOICE, count=1, *, cents=123_456, title="Career courses", currency="USD", theirs=THEIRS, **more):
    """A document with equal lines; ids are counted, so that it is the same each time."""
    is_statement = kind == K.STATEMENT
    lines = [
        DocumentLine(
            position=n, kind=kind, entry_id=UUID(int=n), reference_id=UUID(int=1000 + n), at=AT + timedelta(hours=n),
            what="hold", title=title, price_cents=None, fee_cents=None, reserve_cents=None, amount_cents=cents,
            balance_cents=500 + n * cents if is_statement else None,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    opening = 500 if is_statement else None
    document = Document(
        **{
            "id": UUID(int=9), "kind": kind, "year": 2026, "number": 42, "currency": currency,
            "period": None if kind == K.RECEIPT else date(2026, 11, 1), "ours": OURS, "theirs": theirs,
            "treatment": "not_charged", "vat_bp": 0, "vat_cents": 0, "opening_cents": opening,
            "total_cents": (opening or 0) + cents * count, "facts": {},
            "issued_at": datetime(2026, 12, 1, 2, tzinfo=UTC), **more,
        }
    )  # fmt: skip
    return Opened(document, lines, None)


@pytest.fixture
def reading(app):
    """The text of each page of a document's PDF in a language."""

    def read(found, language="en"):
        with app.test_request_context(), force_locale(language):
            return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_of(sheet_of(found)))).pages]

    return read


@pytest.fixture
def table(app):
    """The rows of a document's CSV in a language."""

    def read(found, language="en"):
        with app.test_request_context(), force_locale(language):
            content = b"".join(csv_of(found))
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    return read


def plain(text):
    """The text with one kind of space."""
    return re.sub(r"\s+", " ", text)


def test_an_invoice_says_who_whom_what_and_how_much(reading):
    (page,) = reading(opened(count=3))
    for said in (
        "Invoice", "INV-2026-00042", "1 Dec 2026", "November 2026", "Supplier", "Fairlead Exchange Ltd",
        "VAT number IE6433435F", "Customer", "Brightside Academy", "Austin TX", "United States", "Career courses",
        "$1,234.56", "$3,703.68", "VAT is not charged.", "Page 1 of 1", str(UUID(int=1001)),
    ):  # fmt: skip
        assert said in page, said


def test_the_same_document_is_the_same_file_whenever_it_is_made(app):
    found = opened(K.STATEMENT, 40, title="Ząb " * 9)
    with app.test_request_context():
        with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
            first = pdf_of(sheet_of(found))
        with time_machine.travel(datetime(2031, 8, 9, 11, tzinfo=UTC), tick=False):
            assert pdf_of(sheet_of(found)) == first
    assert b"(D:20261201020000Z)" in first
    assert b"2027" not in first
    assert b"2031" not in first


def test_sums_are_carried_from_page_to_page(reading):
    pages = reading(opened(count=70, cents=1_000))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Brought forward" in page) == (number > 1)
        assert ("Carried forward" in page) == (number < len(pages))
        assert ("Total" in page) == (number == len(pages))
    carried = [re.search(r"Carried forward\s+\$([\d,.]+)", page)[1] for page in pages[:-1]]
    brought = [re.search(r"Brought forward\s+\$([\d,.]+)", page)[1] for page in pages[1:]]
    rows = [page.count("Career courses") for page in pages]
    assert carried == brought == [f"{sum(rows[:n]) * 10:,}.00" for n in range(1, len(pages))]
    assert sum(rows) == 70
    assert "$700.00" in pages[-1]


def test_a_statement_goes_from_the_balance_before_to_the_balance_after(reading):
    pages = reading(opened(K.STATEMENT, 40, cents=1_000))
    assert re.search(r"Balance before\s+\$5\.00", pages[0])
    assert re.search(r"Balance after\s+\$405\.00", pages[-1])
    rows = pages[0].count("Career courses")
    assert f"${rows * 10 + 5}.00" in re.search(r"Carried forward\s+(\S+)", pages[0])[1]


@pytest.mark.parametrize(
    ("language", "theirs", "currency", "said"),
    [
        ("pl", POLISH, "PLN", ["12 345,67 zł", "4 lis 2026", "listopad 2026", "Polska", "PL8567346215"]),
        ("ru", RUSSIAN, "EUR", ["12 345,67 €", "4 нояб. 2026", "ноябрь 2026", "Казахстан"]),
        ("es", SPANISH, "EUR", ["12.345,67 €", "4 nov 2026", "noviembre 2026", "España"]),
    ],
)
def test_dates_money_and_letters_are_the_readers_own(reading, language, theirs, currency, said):
    (page,) = reading(opened(theirs=theirs, currency=currency, cents=1_234_567, title=theirs["name"]), language)
    for words in (*said, theirs["name"], theirs["address"]):
        assert words in plain(page), words
    assert "?" not in page


def test_long_names_break_and_stay_whole(reading):
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    (page,) = reading(opened(K.SELF_BILL, title=long, theirs={**THEIRS, "name": f"{long} {long}"}))
    assert plain(page).replace(" ", "").count(long) == 3


def test_a_sign_that_the_font_lacks_is_a_question_mark(reading):
    (page,) = reading(opened(theirs={**THEIRS, "name": "日本 KK"}))
    assert "?? KK" in page


def test_vat_and_the_reverse_charge_are_said(reading):
    (page,) = reading(opened(treatment="included", vat_bp=1950, vat_cents=20_146))
    assert re.search(r"VAT 19\.5 %\s+\$201\.46", page)
    assert re.search(r"Without VAT\s+\$1,033\.10", page)
    (page,) = reading(opened(treatment="reverse_charge"))
    assert "Article 196 of Directive 2006/112/EC" in page


def test_self_billing_is_said_and_the_agency_is_the_supplier(reading):
    (page,) = reading(opened(K.SELF_BILL, theirs=POLISH))
    assert "Self-billing: made out by the customer" in page
    assert page.index("Zażółć") < page.index("Fairlead Exchange")


def test_the_table_adds_up_and_calls_nothing(table):
    rows = table(opened(K.INVOICE, 2, title='=HYPERLINK("http://evil.example";"x")'))
    heads, *lines, total = rows
    assert heads[:4] == ["Document", "Day", "Line", "What"]
    assert [line[heads.index("Amount")] for line in lines] == ["1234.56", "1234.56"]
    assert total[heads.index("Amount")] == "2469.12"
    assert [line[heads.index("About")] for line in lines] == ['\'=HYPERLINK("http://evil.example";"x")'] * 2
    assert lines[0][heads.index("Day")] == "2026-11-04"
    assert lines[0][heads.index("Reference")] == str(UUID(int=1001))


def test_amounts_of_a_table_are_in_the_readers_form(table):
    rows = table(opened(K.STATEMENT, 1, cents=-700), "pl")
    assert rows[1][rows[0].index("Amount")] == "-7,00"
    assert rows[2][rows[0].index("Balance")] == "-2,00"
    assert [row for row in table(opened(treatment="included", vat_bp=1950, vat_cents=20_146)) if "201.46" in row]
    assert table(opened(currency="JPY", cents=1_200))[1][-3] == "1200"
