"""Several leads in one purchase: how they are locked, and that together they never cost more than was agreed to."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, text

from marketplace import leads, orders
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from marketplace.kit.money import Money
from marketplace.orders.errors import LeadNotOffered, LeadSold, OwnLead, PriceChanged
from tests.factories.leads import make_lead, somebody
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale, sold

PERSON = {"phone": "+15122365174", "email": "olga.brennan@example.com"}
SHARED = {"exclusivity": "shared", "max_buyers": 3, "kind": "consumer"}
PRICE, ENOUGH = Money(25_00, "USD"), Money(200_00, "USD")


def asker():
    return funded_buyer(50_000)


@pytest.fixture
def one(app, api):
    return api(make_person("agency"))


@pytest.fixture
def other(app, api):
    return api(make_person("agency"))


@pytest.fixture
def buyer(app):
    return asker()


@pytest.fixture
def mixed(api, one, other, buyer):
    """Three leads by their ids; the buyer has the person of the second from another agency, and nobody else has."""
    sold(one, api(buyer), lead=make_lead(**PERSON), **SHARED)
    return [UUID(each) for each in put_on_sale(other, somebody(), somebody(**PERSON), somebody(), **SHARED)]


def all_of(buyer, lead_ids, most=ENOUGH):
    with transaction():
        return orders.place_many(buyer.who, lead_ids, most, all_or_nothing=False)


def test_two_who_want_the_same_leads_do_not_wait_for_each_other_in_a_circle(app, buyer, mixed):
    rival, (_first, kept, last) = asker(), mixed

    def at_the_same_time():
        with app.app_context():
            return all_of(buyer, mixed)

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            orders.place_many(rival.who, [kept], ENOUGH, all_or_nothing=True)
            bought = pool.submit(at_the_same_time)
            assert wait([bought], timeout=0.5).not_done, "it waits for the second lead"
            orders.place_many(rival.who, [last], ENOUGH, all_or_nothing=True)
        refusals = [type(each.refusal) for each in bought.result(timeout=5)]
    assert refusals == [type(None), LeadNotOffered, type(None)]


@pytest.fixture
def before_the_next(app):
    """Let something happen elsewhere between the first and the second of several purchases: before_the_next(act)."""
    acts, begun = [], []

    def happen(_connection, _cursor, statement, *_others):
        if statement.startswith("SAVEPOINT") and acts:
            begun.append(statement)
            if len(begun) == 2:
                acts.pop()()

    event.listen(db.engine, "before_cursor_execute", happen)
    yield acts.append
    event.remove(db.engine, "before_cursor_execute", happen)


def test_one_alone_and_several_do_not_wait_for_each_other_in_a_circle_over_persons(
    app, one, other, buyer, before_the_next
):
    """Of another agency's lead with a phone and an e-mail one of the several has the phone, and one the e-mail."""
    rival, sales = asker(), []
    (lone,) = put_on_sale(one, somebody(**PERSON), **SHARED)
    keys = text("SELECT kind FROM lead_keys ORDER BY hashtextextended('person:' || encode(digest, 'hex'), 0) DESC")
    last_first = [somebody(**{kind: PERSON[kind]}) for kind in session().scalars(keys)]
    session().rollback()
    several = [UUID(each) for each in put_on_sale(other, *last_first, **SHARED)]

    def alone():
        with app.app_context(), transaction():
            return orders.place(rival.who, UUID(lone), PRICE)

    with ThreadPoolExecutor(1) as pool:

        def meanwhile():
            sales.append(pool.submit(alone))
            assert wait(sales, timeout=0.5).not_done, "it waits for a person"

        before_the_next(meanwhile)
        assert [each.refusal for each in all_of(buyer, several)] == [None, None]
        assert sales[0].result(timeout=5)


@pytest.fixture
def once_counted(app):
    """Let something happen elsewhere as soon as a purchase knows what its leads cost: once_counted(act)."""
    acts = []

    def happen(_connection, _cursor, statement, *_others):
        if "FOR NO KEY UPDATE" in statement and acts:
            with app.app_context(), transaction():
                acts.pop()()

    event.listen(db.engine, "after_cursor_execute", happen)
    yield acts.append
    event.remove(db.engine, "after_cursor_execute", happen)


def test_what_is_offered_only_after_the_sum_was_made_is_not_bought(api, buyer, other, once_counted):
    """All that the buyer agrees to pay goes for the other lead."""
    asked = (clock.now() - timedelta(days=2)).isoformat()
    consent = {"text": "I agree to be contacted.", "version": "1", "at": asked, "method": "form"}
    agency = make_person("agency")
    (earlier,) = put_on_sale(api(agency), make_lead(**PERSON, submitted_at=asked, consent=consent))
    free, kept = (UUID(each) for each in put_on_sale(other, somebody(), somebody(**PERSON)))
    once_counted(lambda: leads.withdraw(agency.who, UUID(earlier)))
    got = all_of(buyer, [free, kept], PRICE)
    assert [type(each.refusal) for each in got] == [type(None), PriceChanged]
    assert api(buyer).get("/wallet")["held"] == PRICE.amount
    assert not all_of(buyer, [kept], PRICE)[0].refusal, "from now on it is offered"


def test_each_that_cannot_be_bought_says_why_as_one_alone_would(api, one, other, buyer, mixed):
    (gone,) = put_on_sale(one, somebody())
    buy(api(asker()), gone)
    with transaction():
        session().execute(
            text("""
            INSERT INTO linked_parties (agency_id, buyer_id, why, since)
            SELECT agency_id, :buyer, 'bank', now() FROM leads WHERE id = :lead
            """),
            {"buyer": buyer.who.org_id, "lead": mixed[1]},
        )
    refusals = [type(each.refusal) for each in all_of(buyer, [UUID(gone), mixed[1]])]
    assert refusals == [LeadSold, OwnLead], "that its person is known as well is told to nobody"
