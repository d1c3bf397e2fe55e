"""The books of sales: docs/money.md with its numbers, and that each rule of the books can be broken and is found."""

import pytest
from sqlalchemy import text

from marketplace.kit.db import session, transaction
from tests.factories.books import promised, written
from tests.factories.sales import acquire, offer, percent, report, usd

KINDS = ["deposit", "commission", "sale_reversal"]


def test_the_page_tells_what_the_ledger_does(agency, buyer, holds):
    (lead,) = offer(agency, percent())
    sale = report(buyer, acquire(buyer, lead), 1_000_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    buyer.post(f"/sales/{sale['id']}/corrections", {"amount": usd(500_00), "reason": "Half was returned."})
    assert written(KINDS) == promised(KINDS)
    assert holds() == {}


def test_a_deposit_comes_back_as_the_page_says(agency, buyer, later, holds):
    (lead,) = offer(agency, percent())
    order = acquire(buyer, lead)
    buyer.post(f"/orders/{order}/no-sale", {"reason": "price"})
    later(hours=73)
    assert written(["deposit", "deposit_return"]) == promised(["deposit", "deposit_return"])
    assert holds() == {}


@pytest.fixture
def world(agency, buyer):
    """One lead with a held commission, and one that is acquired."""
    first, second = (acquire(buyer, lead) for lead in offer(agency, percent(), count=2))
    sale = report(buyer, first, 1_000_00)
    agency.post(f"/sales/{sale['id']}/answers", {"accept": True})
    return {"order": first, "sale": sale["id"], "acquired": second}


@pytest.mark.parametrize(
    ("broken", "statement"),
    [
        ("I7", "UPDATE sales SET state = 'released' WHERE id = :sale"),
        ("I7", "UPDATE orders SET state = 'closed_no_sale' WHERE id = :acquired"),
        ("I8", "UPDATE sales SET paid_cents = paid_cents - 1 WHERE id = :sale"),
        ("I8", "UPDATE orders SET price_cents = price_cents + 1 WHERE id = :acquired"),
        ("I9", "UPDATE sales SET returned_cents = 1 WHERE id = :sale"),
        ("I9", "UPDATE acquisitions SET deposit_back = true WHERE order_id = :acquired"),
        ("I12", "DELETE FROM acquisitions WHERE order_id = :acquired"),
        ("I12", "UPDATE sales SET buyer_id = agency_id WHERE id = :sale"),
        ("R3", "UPDATE orders SET state = 'reversed' WHERE id = :order"),
    ],
)
def test_each_rule_of_the_books_can_be_broken_and_is_found(world, holds, broken, statement):
    assert holds() == {}
    with transaction():
        session().execute(text("SET LOCAL session_replication_role = replica"))  # no trigger refuses it
        session().execute(text(statement), {name: world[name] for name in world if f":{name}" in statement})
    assert broken in holds()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sales SET returned_cents = paid_cents + 1 WHERE id = :sale",
        "UPDATE sales SET released_cents = paid_cents + 1 WHERE id = :sale",
        "UPDATE sales SET paid_cents = commission_cents + 1 WHERE id = :sale",
        "UPDATE orders SET state = 'acquired', pricing = 'per_lead' WHERE id = :acquired",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(world, statement):
    with pytest.raises(Exception, match="violates check constraint"), transaction():
        session().execute(text(statement), {name: world[name] for name in world if f":{name}" in statement})
