"""A buyer's and an agency's months as documents: over HTTP, with a moving clock, held against the books."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import leads, orders
from marketplace.billing import documents
from marketplace.billing import jobs as billing
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.orders import jobs
from tests.factories.documents import line
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer, report
from tests.factories.story import buy, put_on_sale
from tests.faults.listings import open_listing

PRICE = {"amount": 10_000, "currency": "USD"}


@pytest.fixture
def world(app, api):
    return {kind: api(make_person(kind)) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def top_up(gateway, run_jobs):
    """Pay with a card on the checkout page, and let the news arrive."""

    def pay(buyer, cents):
        asked = buyer.post("/wallet/top-ups", {"amount": {"amount": cents, "currency": "USD"}})
        assert gateway.pay(asked["checkout_url"]) == 303
        gateway.deliver()
        run_jobs()
        return asked["id"]

    return pay


@pytest.fixture
def new_month(later, clock):
    """Go to the second day of the next month, 05:00."""

    def go():
        now = clock.now()
        later(seconds=(second_of_next(now) - now).total_seconds())

    return go


def second_of_next(now):
    """The second day of the next month, 05:00."""
    return datetime(now.year + now.month // 12, now.month % 12 + 1, 2, 5, tzinfo=UTC)


def dispute(world, order_id, percent):
    """A dispute that staff decide: 100 gives all back, 25 or 50 a part."""
    said = {"reason": "not_requested", "statement": "They say they never asked."}
    opened = world["buyer"].post(f"/orders/{order_id}/disputes", said)
    world["agency"].post(f"/disputes/{opened['id']}/answers", {"statement": "Here is the form."})
    outcome = "upheld" if percent == 100 else "partly_upheld"
    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "Both sides were heard."}
    assert world["staff"].post(f"/disputes/{opened['id']}/decisions", verdict).status == 201


def all_of(person, kind):
    return person.get("/documents", kind=kind)["items"]


def total(person, *kinds):
    return sum(document["total"]["amount"] for kind in kinds for document in all_of(person, kind))


def moved(kind, *accounts):
    """What entries of a kind moved on these accounts in all, as an amount."""
    sums = text(
        "SELECT coalesce(abs(sum(p.amount)), 0) FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id"
        " JOIN ledger_accounts a ON a.id = p.account_id WHERE e.kind = :kind AND a.kind = ANY(:accounts)"
    )
    return session().scalar(sums, {"kind": kind, "accounts": list(accounts)})


def broken():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def test_a_receipt_comes_with_the_payment(world, top_up, api):
    buyer = world["buyer"]
    top_up_id = top_up(buyer, 30_000)
    (receipt,) = buyer.get("/documents")["items"]
    assert (receipt["kind"], receipt["total"]) == ("receipt", {"amount": 30_000, "currency": "USD"})
    assert (receipt["vat_treatment"], receipt["period"]) == ("none", None)
    assert receipt["number"] == f"RCP-{receipt['issued_at'][:4]}-00001"
    whole = buyer.get(f"/documents/{receipt['id']}")
    (line,) = whole["lines"]
    assert (line["reference_id"], line["amount"], line["what"]) == (top_up_id, 30_000, "topup")
    assert whole["ours"] == {
        "name": "Fairlead Exchange Ltd", "address": "1 Harbour Row, Dublin", "country": "IE", "vat_id": "",
    }  # fmt: skip
    file = buyer.get(f"/documents/{receipt['id']}.pdf")
    assert (file.status, file.headers["Content-Type"], file.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{receipt["number"]}.pdf"'
    assert broken() == {}


def test_months_add_up_to_what_the_books_say(world, top_up, new_month):
    agency, buyer = world["agency"], world["buyer"]
    new_month()
    leads = put_on_sale(agency, *(make_lead() for _ in range(6)), price=PRICE)
    top_up(buyer, 100_000)
    bought = [buy(buyer, lead_id, 10_000) for lead_id in leads[:4]]
    dispute(world, bought[0], 100)
    new_month()

    (invoice,), (note,) = all_of(buyer, "invoice"), all_of(buyer, "credit_note")
    assert (invoice["total"]["amount"], note["total"]["amount"]) == (40_000, 10_000)
    assert note["corrects_id"] == invoice["id"]
    assert all_of(buyer, "statement") == all_of(agency, "invoice") == []

    dispute_late = [buy(buyer, lead_id, 10_000) for lead_id in leads[4:]]
    dispute(world, dispute_late[0], 50)
    new_month()
    first, second = sorted(all_of(buyer, "invoice"), key=lambda each: each["number"])
    assert second["total"]["amount"] == 20_000
    assert second["period"] > first["period"]
    assert [each["corrects_id"] for each in all_of(buyer, "credit_note")] == [second["id"], first["id"]]
    for _month in range(4):
        new_month()

    assert total(buyer, "invoice") == moved("hold", "held") == 60_000
    assert total(buyer, "credit_note") == moved("refund", "held") == 15_000
    assert total(buyer, "receipt") == moved("topup", "wallet_cash")
    net = moved("release", "supplier_payable", "supplier_reserve", "supplier_receivable")
    assert total(agency, "self_bill") == net == 40_500
    statements = sorted(all_of(agency, "statement"), key=lambda each: each["number"])
    openings = [agency.get(f"/documents/{each['id']}")["opening"] for each in statements]
    assert openings == [0, *(each["total"]["amount"] for each in statements[:-1])]
    assert statements[-1]["total"]["amount"] == agency.get("/balance")["payable"] == 40_500
    assert broken() == {}


@pytest.fixture
def bought(world, api, clock):
    """A buyer with money who buys two leads now, and nobody who does what falls due."""
    person = make_person("buyer")
    top_up_id = fund(person.who, 50_000)
    leads = put_on_sale(world["agency"], *(make_lead() for _ in range(8)), price=PRICE)

    def buy_now(count=2):
        with transaction():
            return [orders.place(person.who, leads.pop(), Money(10_000, "USD")) for _ in range(count)]

    buy_now.person, buy_now.top_up_id = person, top_up_id
    return buy_now


def go_to_next_month(clock):
    now = clock.now()
    clock.advance(seconds=(second_of_next(now) - now).total_seconds())


def periods(person, kind="invoice"):
    """{month: total} of a person's documents of a kind."""
    return {each["period"][:7]: each["total"]["amount"] for each in all_of(person, kind)}


def test_months_that_nobody_looked_at_are_made_up_one_by_one(bought, clock, api):
    buyer = api(bought.person)
    go_to_next_month(clock)
    first = clock.now()
    bought(2)
    go_to_next_month(clock)
    second = clock.now()
    bought(1)
    go_to_next_month(clock)
    go_to_next_month(clock)
    jobs.issue_documents()
    assert periods(buyer) == {f"{first:%Y-%m}": 20_000, f"{second:%Y-%m}": 10_000}
    jobs.issue_documents()
    assert len(all_of(buyer, "invoice")) == 2
    assert broken() == {}


def test_workers_at_once_issue_each_document_once(app, bought, clock, api):
    others = [make_person("buyer") for _ in range(5)]
    lead_ids = put_on_sale(api(make_person("agency")), *(make_lead() for _ in others), price=PRICE)
    for person, lead_id in zip(others, lead_ids, strict=True):
        fund(person.who, 20_000)
        with transaction():
            orders.place(person.who, lead_id, Money(10_000, "USD"))
    bought(2)
    go_to_next_month(clock)

    def work(number):
        with app.app_context():
            jobs.issue_documents()
            billing.issue_receipt(subject_id=bought.top_up_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert [total(api(person), "invoice") for person in (bought.person, *others)] == [20_000, *[10_000] * 5]
    counts = session().execute(text("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY kind")).all()
    assert counts == [("invoice", 6), ("receipt", 6)]
    assert broken() == {}


def test_a_month_is_not_closed_before_an_hour_has_passed(bought, clock, api):
    bought(1)
    now = clock.now()
    month_over = second_of_next(now) - timedelta(days=1, hours=5)
    clock.advance(seconds=(month_over - now).total_seconds() + 59 * 60)
    jobs.issue_documents()
    assert all_of(api(bought.person), "invoice") == []
    clock.advance(minutes=2)
    jobs.issue_documents()
    assert total(api(bought.person), "invoice") == 10_000


def test_what_is_noticed_too_late_stands_on_the_next_months_document(bought, clock, api):
    """A purchase dated in a month whose documents were issued before it was committed."""
    buyer = api(bought.person)
    bought(1)
    now = clock.now()
    go_to_next_month(clock)
    jobs.issue_documents()
    (late,) = bought(1)
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        dated = text("UPDATE ledger_entries SET at = :at WHERE reference_id = :order")
        session().execute(dated, {"at": now + timedelta(seconds=1), "order": late})
    assert set(broken()) == {"I5"}  # the hand that changed the date is found, nothing else
    go_to_next_month(clock)
    jobs.issue_documents()
    invoices = sorted(all_of(buyer, "invoice"), key=lambda each: each["number"])
    assert [invoice["total"]["amount"] for invoice in invoices] == [10_000, 10_000]
    (line,) = buyer.get(f"/documents/{invoices[1]['id']}")["lines"]
    assert (line["reference_id"], line["at"][:7]) == (str(late), f"{now:%Y-%m}")
    assert set(broken()) == {"I5"}


@pytest.mark.slow
def test_a_long_month_is_told_on_several_documents(app, clock, api):
    buyer, agency = make_person("buyer"), make_person("agency")
    fund(buyer.who, 110_000)
    with transaction():
        listing = open_listing(agency.who, price_cents=100)
        received = leads.receive(listing, [make_lead() for _ in range(documents.MOST_LINES + 1)], by=agency.who)
    with transaction():
        for each in received:
            orders.place(buyer.who, each.lead_id, Money(100, "USD"))
    go_to_next_month(clock)
    jobs.issue_documents()
    invoices = sorted(all_of(api(buyer), "invoice"), key=lambda each: each["number"])
    assert [each["total"]["amount"] for each in invoices] == [documents.MOST_LINES * 100, 100]
    assert invoices[0]["period"] == invoices[1]["period"]
    assert broken() == {}


def test_a_worker_that_dies_between_two_documents_goes_on_where_it_stopped(bought, clock, api):
    bought(2)
    go_to_next_month(clock)
    with transaction():
        month = orders.invoicing.month_due()
        (party,) = orders.invoicing.parties(documents.DocumentKind.INVOICE, month)
        assert orders.invoicing.issue_next(documents.DocumentKind.INVOICE, party, month)
    jobs.issue_documents()
    assert periods(api(bought.person)) == {f"{month:%Y-%m}": 20_000}
    assert broken() == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM document_lines WHERE kind = 'invoice'", "D3"),
        ("UPDATE document_lines SET amount_cents = amount_cents - 1 WHERE kind = 'credit_note'", "D3"),
        ("UPDATE document_lines SET amount_cents = amount_cents + 1 WHERE kind = 'self_bill'", "D4"),
        ("DELETE FROM document_lines WHERE kind = 'receipt'", "D5"),
    ],
)
def test_the_checks_find_money_that_no_document_tells(world, top_up, new_month, change, code):
    leads = put_on_sale(world["agency"], make_lead(), make_lead(), price=PRICE)
    top_up(world["buyer"], 50_000)
    bought = [buy(world["buyer"], lead_id, 10_000) for lead_id in leads]
    dispute(world, bought[0], 50)
    for _month in range(4):
        new_month()
    assert broken() == {}
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))
        session().execute(text(change))
    assert code in broken()


def take_back(api, order_id, cents):
    """Two members of staff take money of a released order back."""
    wish = {
        "kind": "claw_back",
        "about": order_id,
        "amount": {"amount": cents, "currency": "USD"},
        "reason": "Proven to be a fake.",
    }
    made = api(make_person("staff")).post("/proposals", wish)
    assert api(make_person("staff")).post(f"/proposals/{made['id']}/approval").status == 200


def test_a_fake_found_after_the_release_is_credited_to_the_one_and_the_other(world, top_up, new_month, api):
    agency, buyer = world["agency"], world["buyer"]
    leads = put_on_sale(agency, *(make_lead() for _ in range(2)), price=PRICE)
    top_up(buyer, 50_000)
    fake, _good = [buy(buyer, lead_id, 10_000) for lead_id in leads]
    for _month in range(3):
        new_month()
    (invoice,), (bill,) = all_of(buyer, "invoice"), all_of(agency, "self_bill")
    take_back(api, fake, 4_000)
    for _month in range(2):
        new_month()
    (note,), (correction,) = all_of(buyer, "credit_note"), all_of(agency, "self_bill_credit")
    assert (note["corrects_id"], note["total"]["amount"]) == (invoice["id"], 4_000)
    assert (correction["corrects_id"], correction["total"]["amount"]) == (bill["id"], 3_600)
    assert broken() == {}


def test_what_cannot_be_told_is_found_and_stops_no_other(world, gateway, new_month, api):
    people = [make_person("buyer") for _ in range(2)]
    leads = put_on_sale(world["agency"], *(make_lead() for _ in people), price=PRICE)
    for person in people:
        fund(person.who, 20_000)
    bought = [buy(api(person), lead_id, 10_000) for person, lead_id in zip(people, leads, strict=True)]
    for _month in range(2):
        new_month()
    first, second = sorted(people, key=lambda person: person.org_id)
    (invoice,) = all_of(api(first), "invoice")
    with transaction():  # somebody has credited the whole of it already
        whole, period = [line(first.org_id, 10_000)], datetime.fromisoformat(invoice["period"]).date()
        note = documents.DocumentKind.CREDIT_NOTE
        documents.issue(documents.Draft(note, first.org_id, "USD", whole, period, corrects=UUID(invoice["id"])))
    for order_id in bought:
        take_back(api, order_id, 5_000)
    for _month in range(2):
        new_month()
    assert (total(api(first), "credit_note"), total(api(second), "credit_note")) == (10_000, 5_000)
    assert set(broken()) >= {"D3"}


def test_a_refund_in_a_later_month_is_credited_to_the_months_invoice(world, top_up, new_month, later):
    new_month()
    buyer = world["buyer"]
    later(days=26)  # the window goes on into the next month
    (lead_id,) = put_on_sale(world["agency"], make_lead(), price=PRICE)
    top_up(buyer, 20_000)
    order_id = buy(buyer, lead_id, 10_000)
    new_month()
    (invoice,) = all_of(buyer, "invoice")
    assert all_of(buyer, "credit_note") == []
    dispute(world, order_id, 50)
    new_month()
    (note,) = all_of(buyer, "credit_note")
    assert (note["corrects_id"], note["total"]["amount"]) == (invoice["id"], 5_000)
    assert note["period"] > invoice["period"]
    assert broken() == {}


def test_a_commission_is_invoiced_when_it_is_paid_and_self_billed_when_it_is_released(world, top_up, new_month):
    agency, buyer = world["agency"], world["buyer"]
    (lead_id,) = offer(agency)
    top_up(buyer, 20_000)
    sale = report(buyer, acquire(buyer, lead_id), 100_000)
    for _month in range(4):
        new_month()
    (invoice,), (bill,) = all_of(buyer, "invoice"), all_of(agency, "self_bill")
    (line,) = buyer.get(f"/documents/{invoice['id']}")["lines"]
    assert (line["what"], line["reference_id"], line["amount"]) == ("commission", sale["id"], 12_000)
    (line,) = agency.get(f"/documents/{bill['id']}")["lines"]
    assert (line["price"], line["fee"], line["amount"], line["reserve"]) == (12_000, 1_200, 10_800, 1_080)
    assert total(buyer, "invoice") == moved("commission", "held")
    assert broken() == {}


def test_vat_of_every_document_is_what_we_owe(world, top_up, new_month, company):
    company(vat_id="IE6433435F", rates="IE=23")
    for person in (world["buyer"], world["agency"]):
        given = {"legal_name": "Shamrock", "address": "Cork", "country": "IE", "is_vat_registered": True}
        assert person.put("/billing-details", {**given, "vat_id": "6388047V"})["vat_id"] == "IE6388047V"
    leads = put_on_sale(world["agency"], *(make_lead() for _ in range(3)), price=PRICE)
    top_up(world["buyer"], 50_000)
    bought = [buy(world["buyer"], lead_id, 10_000) for lead_id in leads]
    dispute(world, bought[0], 25)
    for _month in range(3):
        new_month()
    vat = {
        kind: sum(each["vat"]["amount"] for each in documents_of(world, kind)) for kind in ("invoice", "credit_note")
    }
    vat["self_bill"] = sum(each["vat"]["amount"] for each in documents_of(world, "self_bill"))
    assert vat == {"invoice": 5_610, "credit_note": 467, "self_bill": 4_628}
    owed = text("SELECT -sum(p.amount) FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id"
                " WHERE a.kind = 'tax_payable'")  # fmt: skip
    assert session().scalar(owed) == 5_610 - 467 - 4_628
    assert broken() == {}


def documents_of(world, kind):
    return [each for person in (world["buyer"], world["agency"]) for each in all_of(person, kind)]
