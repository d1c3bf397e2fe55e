"""A person whom two agencies have: a buyer gets them once, one alone is offered as exclusive, and no agency is told."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from marketplace import market, orders
from marketplace.catalog import FullAgency
from marketplace.kit import clock as product
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.leads import holds, withdrawals
from marketplace.leads.jobs import forget_traces
from marketplace.leads.twins import LeadTwin, pair_anew
from marketplace.orders.errors import LeadNotOffered
from tests.factories.leads import make_lead
from tests.factories.money import fund, funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing, purchase, put_on_sale, sold

PRICE = Money(25_00, "USD")
PERSON = {"phone": "+15122365174", "email": "olga.brennan@example.com"}
SHARED = {"exclusivity": "shared", "max_buyers": 3, "kind": "consumer"}


def asked(days=0.0, **more):
    """The person's lead; they agreed so many days ago."""
    moment = (product.now() - timedelta(days=days)).isoformat()
    consent = {"text": "I agree to be contacted.", "version": "1", "at": moment, "method": "form"}
    return make_lead(**{**PERSON, "submitted_at": moment, "consent": consent, **more})


def asker():
    return funded_buyer(50_000)


@pytest.fixture
def one(app, api):
    return api(make_person("agency"))


@pytest.fixture
def other(app, api):
    return api(make_person("agency"))


@pytest.fixture
def person(app):
    return asker()


@pytest.fixture
def buyer(api, person):
    return api(person)


@pytest.fixture
def rival(app, api):
    return api(asker())


def seen(buyer):
    """The leads that this buyer is offered, by the list and by the counts."""
    found = {item["id"] for item in buyer.get("/catalog/leads")["items"]}
    assert sum(buyer.get("/catalog/facets")["country"].values()) == len(found)
    return found


def not_there(buyer, lead_id):
    """By no way."""
    body = {"lead_ids": [lead_id], "max_total": {"amount": 1, "currency": "USD"}, "all_or_nothing": False}
    answers = [buyer.post("/orders", purchase(lead_id)), buyer.post("/orders", purchase(lead_id, 99))]
    assert [(answer.status, answer.code) for answer in answers] == [(409, "lead_not_offered")] * 2
    assert "lead_not_offered" in buyer.post("/orders", body).text
    assert buyer.get(f"/catalog/leads/{lead_id}").status == 404
    return lead_id not in seen(buyer)


def test_who_has_the_person_is_not_offered_it_again_and_others_are(api, one, other, buyer, rival, clock):
    sold(one, buyer, lead=asked(), **SHARED)
    again, free = put_on_sale(other, asked(email=None), make_lead(), **SHARED)
    assert not_there(buyer, again)
    assert seen(buyer) == {free}
    buy(rival, again)
    clock.advance(days=89)
    (late,) = put_on_sale(api(make_person("agency")), asked(phone=None), **SHARED)
    assert not_there(buyer, late)
    clock.advance(days=1, minutes=1)
    assert late in seen(buyer), "after 90 days they ask anew"


def test_the_pages_know_of_it_no_more_than_of_a_lead_that_never_was(one, other, buyer, person, visit):
    sold(one, buyer, lead=asked(), **SHARED)
    again, free = put_on_sale(other, asked(), make_lead(), **SHARED)
    reader = visit(person)
    page = reader.get("/catalog").text
    assert free in page
    assert again not in page
    found, nobody = reader.get(f"/catalog/{again}"), reader.get(f"/catalog/{UUID(int=1)}")
    assert (found.status, found.words) == (nobody.status, nobody.words)


def test_no_agency_can_tell_that_another_one_has_the_person(one, other, buyer):
    """All that it can read of a lead that is kept back is what it reads of one that is not."""
    first = sold(one, buyer, lead=asked(), **SHARED)
    listing = open_listing(other)
    answers = [
        other.post(f"/listings/{listing}/leads", lead)
        for lead in (asked(), make_lead(phone="+15122365999", postal_code="10007"))
    ]
    kept, free = (answer["items"][0] for answer in answers)
    assert {**kept, "id": ""} == {**free, "id": ""}
    own = {"id", "external_id", "submitted_at", "received_at", "expires_at", "postal_prefix"}
    told = [other.get(f"/leads/{item['id']}").body for item in (kept, free)]
    plain = [{name: value for name, value in lead.items() if name not in own} for lead in told]
    assert plain[0] == plain[1]
    assert plain[0]["state"] == "available"
    for path in ("/leads", "/listings", "/disputes", "/balance", f"/leads/{kept['id']}/score"):
        assert first not in other.get(path).text


def test_the_first_consent_alone_is_offered_as_exclusive(one, other, buyer, rival):
    (first,) = put_on_sale(one, asked(days=2))
    (second,) = put_on_sale(other, asked(days=1))
    assert seen(buyer) == seen(rival) == {first}
    assert not_there(rival, second)
    buy(buyer, first)
    assert not_there(rival, second), "what was sold as exclusive is not sold so again"
    assert not_there(buyer, second)


def test_an_earlier_consent_wins_whoever_came_first(one, other, buyer):
    (late,) = put_on_sale(one, asked(days=1))
    (early,) = put_on_sale(other, asked(days=3))
    assert seen(buyer) == {early}
    assert not_there(buyer, late)


def test_an_exclusive_lead_that_was_sold_keeps_back_one_with_an_earlier_consent_too(one, other, buyer, rival):
    listing = open_listing(one)
    (early,) = (item["id"] for item in one.post(f"/listings/{listing}/leads", asked(days=3))["items"])
    one.patch(f"/listings/{listing}", {"state": "paused"})
    (late,) = put_on_sale(other, asked(days=1))
    buy(buyer, late)
    one.patch(f"/listings/{listing}", {"state": "active"})
    assert not_there(rival, early)


def test_a_shared_lead_is_offered_to_those_who_have_nobody_yet(one, other, buyer, rival):
    (first,) = put_on_sale(one, asked(days=2))
    (second,) = put_on_sale(other, asked(days=1), **SHARED)
    assert seen(buyer) == {first, second}
    buy(buyer, second)
    assert not_there(buyer, first)
    assert seen(rival) == {second}
    assert not_there(rival, first), "whose person was sold is exclusive no more, though it agreed first"


@pytest.mark.parametrize("how", ["withdrawn", "paused", "full", "held", "stopped", "expired"])
def test_what_is_not_on_sale_keeps_nothing_back(one, other, buyer, clock, how):
    listing = open_listing(one)
    (first,) = (
        item["id"]
        for item in one.post(f"/listings/{listing}/leads", asked(days=2, email="olga@elsewhere.example"))["items"]
    )
    if how == "withdrawn":
        one.post(f"/leads/{first}/withdrawal")
    elif how == "paused":
        one.patch(f"/listings/{listing}", {"state": "paused"})
    elif how == "full":
        with transaction():
            agency_id = session().scalar(text("SELECT agency_id FROM leads"))
            session().add(FullAgency(agency_id=agency_id, sold=20, most=20, since=product.now()))
    elif how == "held":
        hold_all()
    elif how == "stopped":  # the reader of the address that came with it wants no more calls
        with transaction():
            withdrawals.keep(blind_index("email", "olga@elsewhere.example"))
    else:
        clock.advance(days=118, hours=2)
    (second,) = put_on_sale(other, asked(days=1.5))
    assert seen(buyer) == {second}
    buy(buyer, second)


def test_a_first_consent_that_nobody_buys_keeps_the_others_back_for_14_days(one, other, buyer, rival, clock):
    """An earlier consent is only said, and a price that nobody pays costs nothing."""
    (first,) = put_on_sale(one, asked(days=2))
    clock.advance(days=1)
    (second,) = put_on_sale(other, asked())
    clock.advance(days=12, hours=23)
    assert seen(buyer) == {first}
    assert not_there(rival, second)
    clock.advance(hours=2)
    assert seen(buyer) == {first, second}
    buy(buyer, second)
    assert not_there(rival, first), "the first sale has decided"


def test_no_exclusive_lead_is_sold_of_which_our_own_desk_would_say_that_it_was_none(one, other, buyer, rival, clock):
    """For 90 days after another agency's lead of the person was sold, however long before that it came in."""
    (shared,) = put_on_sale(one, asked(), **SHARED)
    clock.advance(days=60)
    buy(buyer, shared)
    clock.advance(days=80)
    (exclusive,) = put_on_sale(other, asked())
    assert not_there(rival, exclusive)
    clock.advance(days=10, minutes=1)
    assert exclusive in seen(rival)


def test_pairs_are_forgotten_when_neither_lead_can_be_sold_or_was_sold_lately(one, other, buyer, clock):
    def pairs():
        forget_traces()
        return session().scalar(select(func.count()).select_from(LeadTwin))

    (first,) = put_on_sale(one, asked(), **SHARED)
    (second,) = put_on_sale(other, asked(), **SHARED)
    clock.advance(days=10)
    buy(buyer, first)
    for agency, lead_id in ((one, first), (other, second)):
        assert pairs() == 2
        agency.post(f"/leads/{lead_id}/withdrawal")
    clock.advance(days=89)
    assert pairs() == 2
    clock.advance(days=2)
    assert pairs() == 0


def test_two_that_came_at_the_same_moment_find_each_other_when_they_are_scored(app, one, other, buyer, run_jobs):
    (first,) = put_on_sale(one, asked(days=2))
    (second,) = put_on_sale(other, asked(days=1))
    with transaction():
        session().execute(text("DELETE FROM lead_twins"))  # as neither has seen the other
    assert seen(buyer) == {first, second}
    answer = buyer.post("/orders", purchase(second))
    assert (answer.status, answer.code) == (409, "lead_not_offered"), "a purchase looks for itself"
    run_jobs()
    assert seen(buyer) == {first}


def test_a_corrected_number_is_another_person_s(one, other, buyer):
    (first,) = put_on_sale(one, asked(days=2, email=None))
    (second,) = put_on_sale(other, asked(days=1))
    with transaction():
        session().execute(text("UPDATE lead_keys SET digest = '\\x01' WHERE lead_id = :lead"), {"lead": first})
        pair_anew(UUID(first))
        assert session().scalar(select(func.count()).select_from(LeadTwin)) == 0
    assert seen(buyer) == {first, second}


def test_an_agency_finds_its_lead_among_all_that_is_on_sale(one, other, visit):
    """One that it missed on the public page would tell it."""
    put_on_sale(one, asked(days=2))
    before = market.public_counts()
    (second,) = put_on_sale(other, asked(days=1))
    assert (before[0], market.public_counts()[0]) == (1, 2)
    assert UUID(second) in {masked.id for masked in market.sample(5)}


def test_an_agency_finds_its_lead_among_all_although_the_reader_of_its_address_has_stopped(one, buyer):
    """That it is offered to nobody is told to nobody who did not have the person: it is refused like any twin."""
    with transaction():
        withdrawals.keep(blind_index("email", PERSON["email"]))
    (lead_id,) = put_on_sale(one, asked())
    assert market.public_counts()[0] == 1
    assert [str(masked.id) for masked in market.sample(5)] == [lead_id]
    assert not_there(buyer, lead_id)


def test_a_held_lead_is_refused_before_its_price_is_compared(one, buyer):
    (lead_id,) = put_on_sale(one, asked())
    hold_all()
    assert not_there(buyer, lead_id)


def hold_all():
    """Hold what there is of the only agency."""
    with transaction():
        agency_id, since = session().execute(text("SELECT agency_id, received_at FROM leads")).one()
        holds.hold(agency_id, holds.ALL, "alarm")
        session().execute(text("UPDATE lead_holds SET since = :since"), {"since": since})


def at_the_same_moment(app, sales):
    """The second purchase has looked before the first was committed; it waits, and looks again."""

    def late():
        with app.app_context(), transaction():
            orders.place(*sales[1])

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            orders.place(*sales[0])
            waits = pool.submit(late)
            assert wait([waits], timeout=0.3).not_done, "it waits for the other"
        with pytest.raises(LeadNotOffered):
            waits.result()


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_what_the_buyer_bought_at_the_same_moment_is_seen(app, api, one, other, person, currency):
    """With the same wallet or with another one."""
    fund(person.who, 50_000, "EUR")
    (first,) = put_on_sale(one, asked(), **SHARED)
    (second,) = put_on_sale(other, asked(), price={"amount": 25_00, "currency": currency}, **SHARED)
    sales = (person.who, UUID(first), PRICE), (person.who, UUID(second), Money(25_00, currency))
    at_the_same_moment(app, sales)
    assert api(person).get("/wallet")["held"] == 2_500


def test_of_two_exclusive_leads_one_is_sold_at_the_same_moment(app, one, other, person, clock):
    """To another buyer; both are offered, as the first consent has waited for too long."""
    (first,) = put_on_sale(one, asked(days=1))
    clock.advance(days=15)
    (second,) = put_on_sale(other, asked())
    at_the_same_moment(app, [(person.who, UUID(first), PRICE), (asker().who, UUID(second), PRICE)])
