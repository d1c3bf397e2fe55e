"""What staff book by hand: alone a little, together more, never about themselves; and fakes found after the release."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import proposals
from marketplace.billing.rules import PROPOSALS
from marketplace.events import SYSTEM
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.ledger import Account
from marketplace.people import actions
from tests.factories.books import promised, written
from tests.factories.money import fund
from tests.factories.people import PASSWORD, joined_once, make_person
from tests.factories.story import buy, put_on_sale

WHY = "Delivered twice on 14 November by our fault."


def goodwill(org_id, cents=240_00, **more):
    amount = {"amount": cents, "currency": "USD"}
    return {"kind": "goodwill", "about": str(org_id), "amount": amount, "reason": WHY, **more}


def wallet(api, buyer):
    return api(buyer).get("/wallet")["available"]


@pytest.fixture
def first(app):
    return make_person("staff")


@pytest.fixture
def second(app):
    return make_person("staff")


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [finding for finding in run_checks() if not finding.holds] == []


def test_the_kinds_that_the_api_takes_are_those_that_are_declared(app):
    assert set(PROPOSALS) == set(proposals.acts())


def test_a_little_is_given_by_one_more_by_two_too_much_by_nobody(api, first, second, buyer):
    little = api(first).post("/proposals", goodwill(buyer.org_id, 100_00))
    assert (little.status, little["state"], little["decided_by"]) == (201, "approved", None)
    assert wallet(api, buyer) == 100_00
    more = api(first).post("/proposals", goodwill(buyer.org_id, 100_01))
    assert (more["state"], wallet(api, buyer)) == ("open", 100_00)
    assert api(first).post(f"/proposals/{more['id']}/approval").code == "own_proposal"
    assert api(second).post(f"/proposals/{more['id']}/approval")["state"] == "approved"
    assert api(second).post(f"/proposals/{more['id']}/approval")["state"] == "approved"
    assert wallet(api, buyer) == 200_01
    assert api(first).post("/proposals", goodwill(buyer.org_id, 1_000_01)).code == "over_limit"
    assert written(["adjustment"])["adjustment"] == {
        "goodwill_expense": Decimal("100.01"),
        "wallet_cash": Decimal("-100.01"),
    }


def test_no_sum_is_given_alone_in_pieces(api, first, second, buyer, later):
    def give(cents, whom=buyer, by=first, kind="goodwill"):
        given = api(by).post("/proposals", goodwill(whom.org_id, cents, kind=kind))
        if given["state"] == "open":
            api(by).post(f"/proposals/{given['id']}/refusal", {"reason": "A slip."})
        return given["state"]

    other = make_person("buyer")
    assert [give(60_00), give(40_01), give(40_00, kind="promo_grant")] == ["approved", "open", "approved"]
    assert give(1, other) == "open"
    assert give(100_00, by=second) == "approved"
    later(hours=25)
    assert [give(1), give(100_00, other)] == ["open", "approved"]
    later(days=30)
    assert give(100_00) == "approved"


def test_the_same_request_twice_gives_once(api, first, buyer):
    for _ in range(2):
        api(first).post("/proposals", goodwill(buyer.org_id, 50_00), idem="one")
    assert wallet(api, buyer) == 50_00


def test_two_seconds_at_once_book_once(api, first, second, buyer):
    asked = api(first).post("/proposals", goodwill(buyer.org_id))
    third = make_person("staff")
    assert api(second).post(f"/proposals/{asked['id']}/approval").status == 200
    assert api(third).post(f"/proposals/{asked['id']}/approval").code == "proposal_ended"
    assert wallet(api, buyer) == 240_00


def test_who_refuses_or_takes_back_books_nothing(api, first, second, buyer):
    one = api(first).post("/proposals", goodwill(buyer.org_id))
    assert api(first).post("/proposals", goodwill(buyer.org_id)).code == "already_proposed"
    assert api(second).post(f"/proposals/{one['id']}/refusal", {"reason": "No fault."})["state"] == "refused"
    another = api(first).post("/proposals", goodwill(buyer.org_id))
    assert api(first).post(f"/proposals/{another['id']}/refusal", {"reason": "A slip."})["state"] == "withdrawn"
    assert api(second).post(f"/proposals/{another['id']}/approval").code == "proposal_ended"
    assert wallet(api, buyer) == 0


def test_a_party_decides_nothing_about_itself(api, first, buyer):
    with transaction():
        actions.create_user(
            email="both@example.com", name="Both", password=PASSWORD, org_id=buyer.org_id, role="member"
        )
        session().execute(
            text(
                "INSERT INTO memberships (id, user_id, org_id, role, created_at)"
                " VALUES (gen_random_uuid(), :user, :org, 'member', now())"
            ),
            {"user": first.who.user_id, "org": buyer.org_id},
        )
    assert api(first).post("/proposals", goodwill(buyer.org_id, 1_00)).code == "own_proposal"


def test_who_once_joined_a_party_decides_nothing_about_it(api, first, buyer):
    joined_once(first, buyer)
    assert api(first).post("/proposals", goodwill(buyer.org_id, 1_00)).code == "own_proposal"


def test_others_than_staff_propose_nothing(api, buyer):
    assert api(buyer).post("/proposals", goodwill(buyer.org_id, 1_00)).status == 403
    member = make_person("staff", role="member")
    assert member.key == ""


def test_an_adjustment_names_two_accounts_of_the_right_owners(api, first, second, buyer):
    sides = {"debit": {"account": "fee_revenue"}, "credit": {"account": "wallet_cash", "owner": str(buyer.org_id)}}
    asked = goodwill(buyer.org_id, 30_00, kind="adjustment")
    assert api(first).post("/proposals", asked).status == 422
    agency = make_person("agency")
    wrong = {**sides, "credit": {"account": "wallet_cash", "owner": str(agency.org_id)}}
    assert api(first).post("/proposals", {**asked, **wrong}).code == "unknown_owner"
    same = {"debit": sides["debit"], "credit": sides["debit"]}
    assert api(first).post("/proposals", {**asked, **same}).code == "not_adjustable"
    held = {**sides, "debit": {"account": "held", "owner": str(buyer.org_id)}}
    assert api(first).post("/proposals", {**asked, **held}).status == 422
    made = api(first).post("/proposals", {**asked, **sides})
    api(second).post(f"/proposals/{made['id']}/approval")
    assert wallet(api, buyer) == 30_00


def test_what_was_booked_by_hand_is_undone_by_hand_once(api, first, second, buyer):
    api(first).post("/proposals", goodwill(buyer.org_id, 50_00))
    entry = str(session().scalar(text("SELECT id FROM ledger_entries WHERE kind = 'adjustment'")))
    undo = goodwill(entry, 50_00, kind="reversal")
    made = api(first).post("/proposals", undo)
    api(second).post(f"/proposals/{made['id']}/approval")
    assert wallet(api, buyer) == 0
    again = api(first).post("/proposals", undo)
    api(second).post(f"/proposals/{again['id']}/approval")
    assert wallet(api, buyer) == 0
    fund(buyer.who, 50_00)
    topup = str(session().scalar(text("SELECT id FROM ledger_entries WHERE kind = 'topup'")))
    assert api(first).post("/proposals", goodwill(topup, 50_00, kind="reversal")).code == "not_reversible"


def test_no_more_is_written_off_than_is_owed(api, first, second, buyer):
    assert api(first).post("/proposals", goodwill(buyer.org_id, 1, kind="write_off")).code == "nothing_owed"
    with transaction():
        lines = [
            ledger.debit(Account.BUYER_RECEIVABLE, 40_00, buyer.org_id),
            ledger.credit(Account.GOODWILL_EXPENSE, 40_00),
        ]
        ledger.post("adjustment", key="adjustment:t", reference=buyer.org_id, currency="USD", lines=lines, by=SYSTEM)
    made = api(first).post("/proposals", goodwill(buyer.org_id, 40_00, kind="write_off"))
    api(second).post(f"/proposals/{made['id']}/approval")
    assert written(["write_off"]) == promised(["write_off"])


@pytest.fixture
def released(api, buyer, later):
    """An order of 100.00 whose money went to its agency: fee 10.00, reserve 9.00, payable 81.00."""
    agency = make_person("agency")
    fund(buyer.who, 200_00)
    (lead,) = put_on_sale(api(agency), price={"amount": 100_00, "currency": "USD"})
    order = buy(api(buyer), lead, 100_00)
    later(days=8)
    assert api(buyer).get(f"/orders/{order}")["state"] == "released"
    return agency, order


def claw_back(api, first, second, order, cents):
    made = api(first).post("/proposals", goodwill(order, cents, kind="claw_back"))
    return api(second).post(f"/proposals/{made['id']}/approval") if made.status == 201 else made


def test_a_fake_found_after_the_release_is_taken_back(api, first, second, buyer, released):
    agency, order = released
    assert claw_back(api, first, second, order, 100_00).status == 200
    assert written(["claw_back"]) == promised(["claw_back"])
    balance = api(agency).get("/balance")
    assert (wallet(api, buyer), balance["payable"], balance["reserve"]) == (200_00, 0, 0)
    told = api(buyer).get(f"/orders/{order}")
    assert told["state"] == "clawed_back"
    assert claw_back(api, first, second, order, 1).code == "not_clawed_back"


def test_parts_taken_back_add_up_and_the_rest_of_the_reserve_comes(api, first, second, buyer, released, later):
    agency, order = released
    for cents in (3_33, 3_33):
        assert claw_back(api, first, second, order, cents).status == 200
    assert (wallet(api, buyer), api(agency).get("/balance")["reserve"]) == (106_66, 9_00 - 5_99)
    later(days=61)
    assert api(agency).get("/balance")["payable"] == 81_00 + 9_00 - 5_99
    assert claw_back(api, first, second, order, 100_00).code == "not_clawed_back"


def test_what_an_agency_has_no_longer_it_owes_and_repays_from_its_next_sale(api, first, second, buyer, released, later):
    agency, order = released
    with transaction():
        lines = [
            ledger.debit(Account.SUPPLIER_PAYABLE, 81_00, agency.org_id),
            ledger.credit(Account.BANK, 81_00),
        ]
        ledger.post(
            "adjustment", key="adjustment:paid", reference=agency.org_id, currency="USD", lines=lines, by=SYSTEM
        )
    claw_back(api, first, second, order, 100_00)
    assert ledger.balance(Account.SUPPLIER_RECEIVABLE, agency.org_id, "USD") == 81_00
    (lead,) = put_on_sale(api(agency), price={"amount": 100_00, "currency": "USD"})
    buy(api(buyer), lead, 100_00)
    later(days=8)
    session().rollback()
    assert ledger.balance(Account.SUPPLIER_RECEIVABLE, agency.org_id, "USD") == 0
    assert billing.payable_for(agency.who, "USD") == 0
