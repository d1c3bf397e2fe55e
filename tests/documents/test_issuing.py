"""Numbers without gaps, documents that never change: tried against the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.billing import documents
from marketplace.billing.documents import Document, DocumentKind, Draft
from marketplace.billing.documents.errors import CorrectsTooMuch
from marketplace.billing.documents.invariants import INVARIANTS
from marketplace.kit import invariants
from marketplace.kit.db import session, transaction
from tests.factories.books import promised, written
from tests.factories.documents import line
from tests.factories.people import make_person

K = DocumentKind


def broken():
    return {finding.code for finding in invariants.run(INVARIANTS) if not finding.holds} - {"D5"}


def numbers(kind=K.INVOICE):
    return session().scalars(select(Document.number).where(Document.kind == kind).order_by(Document.number)).all()


def run(statement, **values):
    with transaction():
        session().execute(text(statement), values)


def test_each_kind_and_each_year_count_for_themselves(issue, clock):
    first, second, receipt = issue(), issue(), issue(kind=K.RECEIPT)
    year = clock.now().year
    assert [each.name for each in (first, second, receipt)] == [
        f"INV-{year}-00001", f"INV-{year}-00002", f"RCP-{year}-00001",
    ]  # fmt: skip
    clock.advance(days=366)
    assert issue().name == f"INV-{clock.now().year}-00001"
    assert broken() == set()


def test_a_number_that_was_rolled_back_is_given_to_the_next(issue, org):
    issue()

    def fail():
        with transaction():
            documents.issue(Draft(K.INVOICE, org.org_id, "USD", [], period=None))

    with pytest.raises(IntegrityError):  # a receipt alone has no month
        fail()
    assert issue().number == 2
    assert numbers() == [1, 2]


def test_many_at_once_count_without_a_gap(app, org):
    def one(number):
        with app.app_context(), transaction():
            lines = [line(org.org_id, 100)]
            documents.issue(Draft(K.INVOICE, org.org_id, "USD", lines, period=date(2026, 11, 1)))
            if number % 3 == 0:
                raise ZeroDivisionError

    with ThreadPoolExecutor(8) as pool:
        failed = [future.exception() for future in [pool.submit(one, number) for number in range(24)]]
    assert {type(error) for error in failed} == {type(None), ZeroDivisionError}
    assert numbers() == list(range(1, 17))
    assert broken() == set()


_LATE_LINE = (
    "INSERT INTO document_lines (document_id, position, kind, entry_id, reference_id, at, what, title, amount_cents)"
    " SELECT document_id, 9, kind, entry_id, gen_random_uuid(), at, what, title, 0 FROM document_lines"
)
_ANOTHER = (
    "WITH another AS (INSERT INTO documents SELECT (jsonb_populate_record(d, jsonb_build_object("
    "'id', gen_random_uuid(), 'tx', pg_current_xact_id()::text, 'number', {number}))).* FROM documents d RETURNING id)"
)
_ITS_LINE = (
    " INSERT INTO document_lines SELECT (jsonb_populate_record(l, jsonb_build_object('document_id', another.id,"
    " 'reference_id', gen_random_uuid(), 'amount_cents', {cents}))).* FROM document_lines l, another"
)
#: a second credit note over all that was invoiced, with a number that was counted
_NOTE = (
    "WITH counted AS (INSERT INTO document_series (kind, year, last) SELECT 'credit_note', year, 1 FROM documents"
    " RETURNING year), note AS (INSERT INTO documents SELECT (jsonb_populate_record(d, jsonb_build_object("
    "'id', gen_random_uuid(), 'tx', pg_current_xact_id()::text, 'kind', 'credit_note', 'corrects_id', d.id,"
    " 'total_cents', d.total_cents + 1, 'year', counted.year))).* FROM documents d, counted RETURNING id)"
    " INSERT INTO document_lines SELECT (jsonb_populate_record(l, jsonb_build_object('document_id', note.id,"
    " 'kind', 'credit_note', 'amount_cents', l.amount_cents + 1))).* FROM document_lines l, note"
)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE documents SET total_cents = 1", "append-only"),
        ("UPDATE documents SET theirs = '{}'", "append-only"),
        ("DELETE FROM documents", "append-only"),
        ("UPDATE document_lines SET amount_cents = 1", "append-only"),
        ("DELETE FROM document_lines", "append-only"),
        ("TRUNCATE document_lines", "append-only"),
        ("TRUNCATE documents CASCADE", "append-only"),
        ("TRUNCATE document_series CASCADE", "append-only"),
        ("DELETE FROM document_series", "append-only"),
        ("UPDATE document_series SET last = last + 2", "counts up by one"),
        ("UPDATE document_series SET last = last - 1", "counts up by one"),
        ("UPDATE document_series SET kind = 'receipt', last = last + 1", "counts up by one"),
        ("INSERT INTO document_series (kind, year, last) VALUES ('invoice', 1999, 2)", "counts up by one"),
        ("UPDATE document_series SET last = last + 1", "has no document"),
        ("INSERT INTO document_series (kind, year, last) VALUES ('invoice', 1999, 1)", "has no document"),
        (_LATE_LINE, "takes no lines"),
        (_ANOTHER.format(number=7) + _ITS_LINE.format(cents=2_500), "was not counted"),
        (_ANOTHER.format(number=7) + " SELECT id FROM another", "does not add up"),
        (_ANOTHER.format(number=7) + _ITS_LINE.format(cents=2_499), "does not add up"),
        (_NOTE, "corrects more"),
    ],
)
def test_what_was_issued_stays_and_nothing_is_slipped_in(issue, change, why):
    issue()
    with pytest.raises(DBAPIError, match=why):
        run(change)
    assert numbers() == [1]
    assert broken() == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM document_lines WHERE kind = 'invoice'", "D2"),
        ("DELETE FROM documents WHERE number = 1", "D1"),
        ("UPDATE document_series SET last = 5", "D1"),
        ("UPDATE documents SET total_cents = total_cents + 1 WHERE number = 1", "D2"),
        (
            "UPDATE documents SET org_id = o.id FROM organisations o WHERE o.id <> org_id AND corrects_id IS NOT NULL",
            "D2",
        ),
    ],
)
def test_the_checks_find_what_a_hand_has_changed(issue, change, code):
    make_person("agency")
    invoice = issue(10_000)
    issue()
    issue(4_000, kind=K.CREDIT_NOTE, corrects=invoice.id)
    assert broken() == set()
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        session().execute(text(change))
    assert code in broken()


def test_an_entry_stands_on_one_document_of_a_kind(issue, org):
    invoice = issue()
    again = session().scalars(select(documents.DocumentLine)).one()
    same = documents.Line(again.entry_id, again.reference_id, again.at, again.what, again.amount_cents)
    with pytest.raises(IntegrityError, match="uq_document_lines"), transaction():
        documents.issue(Draft(K.INVOICE, org.org_id, "USD", [same], period=invoice.period))


def test_no_credit_note_gives_back_more_than_was_invoiced(issue):
    invoice = issue(10_000)
    issue(6_000, kind=K.CREDIT_NOTE, corrects=invoice.id)
    with pytest.raises(CorrectsTooMuch):
        issue(4_001, kind=K.CREDIT_NOTE, corrects=invoice.id)
    assert issue(4_000, kind=K.CREDIT_NOTE, corrects=invoice.id).total_cents == 4_000


def test_a_document_keeps_the_parties_as_they_were(issue, org, company):
    before = issue()
    details = {"legal_name": "Brightside Academy LLC", "address": "Lamar 1\nAustin", "country": "US"}
    with transaction():
        documents.give_details(org.who, **details, is_vat_registered=False, vat_id="")
    company(name="Fairlead Group")
    after = issue()
    assert before.theirs["name"] == org.who.org_name
    assert after.theirs == {
        "name": "Brightside Academy LLC",
        "address": "Lamar 1\nAustin",
        "country": "US",
        "vat_id": "",
    }
    assert (before.ours["name"], after.ours["name"]) == ("Fairlead Exchange Ltd", "Fairlead Group")


def test_the_page_about_money_tells_what_vat_posts(issue, company):
    company(vat_id="IE6433435F", rates="US=23")
    issue(10_000)
    assert written(["vat"]) == promised(["vat"])


def test_vat_in_our_price_is_owed_and_goes_back_with_credit_notes_to_the_cent(issue, org, company):
    company(vat_id="IE6433435F", rates="US=23")
    invoice = issue(10_001)
    company()  # what changes later does not change a correction
    notes = [issue(cents, kind=K.CREDIT_NOTE, corrects=invoice.id) for cents in (3_333, 3_333, 3_335)]
    assert (invoice.vat_bp, invoice.vat_cents, invoice.net.amount) == (2300, 1_870, 8_131)
    assert [note.vat_bp for note in notes] == [2300] * 3
    assert sum(note.vat_cents for note in notes) == invoice.vat_cents
    sums = "SELECT e.kind, a.kind, sum(p.amount) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id"
    sums += " JOIN ledger_accounts a ON a.id = p.account_id WHERE e.kind = 'vat' GROUP BY 1, 2 ORDER BY 2"
    assert session().execute(text(sums)).all() == [("vat", "fee_revenue", 0), ("vat", "tax_payable", 0)]
    booked = "SELECT p.amount FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id WHERE e.key = :key"
    booked += " AND p.amount < 0"
    assert session().scalar(text(booked), {"key": f"document:{invoice.id}:vat"}) == -1_870
