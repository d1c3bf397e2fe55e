"""Each guard of the database was taken away once: then what it refuses gets in, and the checks say so."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.billing import inbox
from marketplace.billing.gateway import News
from marketplace.insights.health import INVARIANTS
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale
from tests.prove.guards import GUARDS

AT_30 = {"price": {"amount": 30_00, "currency": "USD"}}


@pytest.fixture
def world(app, api):
    """A buyer who paid for a lead with a gift and with its own money; a goodwill; news of Stripe."""
    buyer, first, second = make_person("buyer"), make_person("staff"), make_person("staff")
    fund(buyer.who, 50_00)
    for kind, cents in (("promo_grant", 20_00), ("goodwill", 150_00)):
        wish = {"kind": kind, "about": str(buyer.org_id), "amount": {"amount": cents, "currency": "USD"}}
        made = api(first).post("/proposals", {**wish, "reason": "A welcome to the exchange."})
        if made["state"] == "open":
            assert api(second).post(f"/proposals/{made['id']}/approval").status == 200
    (lead,) = put_on_sale(api(make_person("agency")), **AT_30)
    buy(api(buyer), lead, 30_00)
    with transaction():
        inbox.keep_event(News("evt_1", "invoice.created", "in_1"))
        session().execute(text("UPDATE leads SET slots_total = 2"))
        spare = "INSERT INTO ledger_accounts (kind, currency, sign, is_guarded) VALUES ('suspense', 'EUR', 1, false)"
        session().execute(text(spare))


@pytest.fixture
def connection(world):
    """One transaction in which everything is tried, and of which nothing stays."""
    session().rollback()
    with db.engine.connect() as found:
        outer = found.begin()
        yield found
        outer.rollback()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_it_the_violation_gets_in(connection, guard):
    assert broken(connection) == set()
    with pytest.raises(DBAPIError):
        commit(connection, guard.violation)
    connection.execute(text(guard.drop))
    commit(connection, guard.violation)
    assert guard.seen <= broken(connection)
    assert guard.seen or not broken(connection), "something tells of it after all: write down what"


def commit(connection, violation):
    """Do it, as far as a commit would go."""
    with connection.begin_nested():
        for statement in violation.split("; "):
            connection.execute(text(statement))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def broken(connection):
    now = {"now": clock.now()}
    found = set()
    for each in INVARIANTS:
        if connection.execute(text(each.breaches), now if ":now" in each.breaches else {}).first():
            found.add(each.code)
    return found
