"""What came back to a buyer and did not reach its wallet stands in a statement, too."""

from tests.factories.banks import bank_dispute
from tests.factories.money import fund
from tests.factories.pages import Reader
from tests.factories.people import make_person
from tests.factories.sales import acquire, offer


def test_what_repaid_a_debt_or_was_frozen_is_explained_entry_by_entry(app, api, client, later):
    person = make_person("buyer")
    buyer, agency = api(person), api(make_person("agency"))
    payment = fund(person.who, 100_00)
    for lead in offer(agency, count=5):
        deal = acquire(buyer, lead)
    bank_dispute(payment, "needs_response", 100_00)
    assert buyer.post(f"/orders/{deal}/no-sale", {"reason": "price"}).status == 201
    later(hours=73)
    assert entries(buyer, "frozen") == [("deposit_return", deal, 20_00, 20_00)]
    bank_dispute(payment, "lost", 100_00)
    assert [line[2:] for line in entries(buyer, "frozen")] == [(-20_00, 0), (20_00, 20_00)]
    assert buyer.post(f"/orders/{earlier(buyer, deal)}/no-sale", {"reason": "price"}).status == 201
    later(hours=73)
    repaid, lost = entries(buyer, "owed")
    assert (repaid[0], repaid[2:], lost[0], lost[2:]) == ("deposit_return", (-20_00, 60_00), "cb_lost", (80_00, 80_00))
    assert entries(buyer, "available") == entries(buyer)
    assert buyer.get("/wallet/entries", part="else").status == 422
    reader = Reader(client)
    reader.sign_in(person)
    page = reader.get("/wallet?part=owed").words
    for shown in ("Owed after", "−$20.00", "$60.00", "Deposit returned: M. S.", "Chargeback lost"):
        assert shown in page


def earlier(buyer, deal):
    return next(order["id"] for order in buyer.get("/orders")["items"] if order["id"] < deal)


def entries(buyer, part=None):
    told = buyer.get("/wallet/entries", **({"part": part} if part else {}))
    return [(line["kind"], line["reference_id"], line["amount"], line["balance_after"]) for line in told["items"]]
