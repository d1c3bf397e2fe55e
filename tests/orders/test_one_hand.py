"""Whom a card or a bank ties to an agency buys nothing of it, whichever way he asks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from marketplace.billing.actions import payout_accounts
from marketplace.billing.actions.links import note_mark
from marketplace.billing.gateway import BankAccount
from marketplace.billing.jobs import link_parties
from marketplace.billing.models import MarkKind
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import session, transaction
from marketplace.people.actions.rows import Themselves, add_member
from tests.conftest import Visitor
from tests.factories.money import funded_buyer
from tests.factories.pages import Reader
from tests.factories.paying import pay_in
from tests.factories.payouts import recipient
from tests.factories.people import make_person
from tests.factories.sales import offer
from tests.factories.story import purchase, put_on_sale

MASTERCARD = "5555 5555 5555 4444"


def join(person, org_id):
    with transaction():
        add_member(person.who.user_id, org_id, "member", Themselves(person.who.user_id))


def pays_with(person, card):
    with transaction():
        note_mark(person.org_id, MarkKind.CARD, blind_index(MarkKind.CARD, card))


def is_paid_to(person, *numbers, is_card=False):
    banks = tuple(BankAccount("TEST BANK", number[-4:], number, is_card=is_card) for number in numbers)
    with transaction():
        account = payout_accounts.ask_account(person.who)
        payout_accounts.attach_account(account.id, recipient(person.who, banks=banks))


def links():
    session().rollback()
    return {tuple(row) for row in session().execute(text("SELECT agency_id, buyer_id, why FROM linked_parties"))}


@pytest.fixture
def agency(app):
    return make_person("agency")


@pytest.fixture
def front(app):
    """A buyer with money that shows no person of the agency."""
    return funded_buyer(50_000)


def refused(api, buyer, agency):
    """Whether a lead for a price is refused, by key."""
    (lead_id,) = put_on_sale(api(agency))
    answer = api(buyer).post("/orders", purchase(lead_id))
    assert answer.status in (201, 403), answer.body
    return answer.code == "own_lead"


def test_a_card_that_paid_for_both_sides_is_found_when_it_pays(api, agency, gateway):
    second, front, stranger = (make_person("buyer") for _ in range(3))
    join(agency, second.org_id)
    pay_in(gateway, second.who, 5_000)
    pay_in(gateway, stranger.who, 5_000, MASTERCARD)
    pay_in(gateway, front.who, 5_000)
    assert refused(api, front, agency)
    assert not refused(api, stranger, agency)
    assert links() == {(agency.org_id, front.org_id, "card")}


@pytest.mark.parametrize("way", ["key", "key, several", "page", "by the sale", "by the sale, page"])
def test_no_way_of_buying_is_open(app, api, agency, front, way):
    pays_with(front, "one card")
    is_paid_to(agency, "one card", is_card=True)
    reader = Reader(Visitor(app, app.response_class, use_cookies=True))
    reader.sign_in(front)
    if "by the sale" in way:
        (lead_id,) = offer(api(agency))
        sent = {**purchase(lead_id, 2_000), "terms_version": 1}
    else:
        (lead_id,) = put_on_sale(api(agency))
        sent = purchase(lead_id)
    if "page" in way:
        page = reader.get(f"/catalog/{lead_id}")
        form = {name: page.value_of(name) for name in ("price", "currency", "key")}
        more = {"terms_version": "1", "agree": "1"} if "sale" in way else {}
        answer = reader.post(f"/catalog/{lead_id}/purchase", **form, **more)
        assert (answer.status, "one linked to it" in answer.words) == (403, True), answer.words
    elif "several" in way:
        body = {"lead_ids": [lead_id], "max_total": {"amount": 9_000, "currency": "USD"}}
        (item,) = api(front).post("/orders", body)["items"]
        assert item["error"]["code"] == "own_lead"
    else:
        answer = api(front).post("/orders", sent)
        assert (answer.status, answer.code) == (403, "own_lead"), answer.body
    session().rollback()
    assert session().execute(text("SELECT count(*) FROM orders")).scalar_one() == 0
    assert api(front).get("/wallet")["available"] == 50_000


def test_agencies_with_one_bank_are_one_to_the_people_of_either(api, agency, front):
    other = make_person("agency")
    join(other, front.org_id)
    is_paid_to(agency, "one bank", "another bank")
    is_paid_to(other, "one bank")
    assert refused(api, front, agency)
    assert not refused(api, make_buyer(), agency)
    assert links() == {(agency.org_id, front.org_id, "bank")}


def make_buyer():
    return funded_buyer(50_000)


def test_people_come_and_go_and_the_pairs_follow(api, agency, front):
    second = make_person("buyer")
    pays_with(second, "one card")
    pays_with(front, "one card")
    assert links() == set()
    join(agency, second.org_id)
    link_parties()
    assert refused(api, front, agency)
    with transaction():
        session().execute(
            text("DELETE FROM memberships WHERE org_id = :org AND user_id = :user"),
            {"org": second.org_id, "user": agency.who.user_id},
        )
    link_parties()
    link_parties()
    assert not refused(api, front, agency)


def test_of_two_that_come_with_one_card_at_once_none_is_missed(app, agency, front):
    for number in range(5):
        start = Barrier(2)

        def come(person, card=f"card {number}", start=start):
            with app.app_context():
                start.wait()
                pays_with(person, card)

        with transaction():
            session().execute(text("DELETE FROM linked_parties"))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(come, (agency, front)))
        assert links() == {(agency.org_id, front.org_id, "card")}


def test_staff_see_who_is_of_one_hand_and_it_is_said_once(api, app, agency, front):
    pays_with(front, "one card")
    is_paid_to(agency, "one card", is_card=True)
    pays_with(front, "one card")
    staff = make_person("staff")
    (event,) = api(staff).get("/audit", name="parties.linked")["items"]
    assert (event["subject_id"], event["data"]) == (str(front.org_id), {"why": "card"})
    reader = Reader(Visitor(app, app.response_class, use_cookies=True))
    reader.sign_in(staff)
    assert front.who.org_name in reader.get(f"/admin/organisations/{agency.org_id}").words
    assert agency.who.org_name in reader.get(f"/admin/organisations/{front.org_id}").words
    assert "Of one hand" not in reader.get(f"/admin/organisations/{make_person('buyer').org_id}").words
