"""What staff see of payouts and of our own money, and what they may stop, let go and take back."""

from marketplace.billing import calls
from marketplace.billing.actions import payout_accounts
from marketplace.billing.gateway import BankAccount
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from tests.factories.payouts import asked, make_payable, make_payable_at_stripe, make_profit, recipient
from tests.factories.people import make_person

STAFF = "staff"


def test_an_account_is_stopped_and_let_go(visit, app):
    agency, reader = make_person("agency"), visit(make_person(STAFF))
    make_payable(agency)
    address = f"/admin/organisations/{agency.org_id}/payout-hold"
    wrong = reader.post(address, reason="x")
    assert (wrong.status, wrong.value_of("reason")) == (422, "")
    assert 'value="x"' in wrong.text
    assert "Give a reason (5 to 500 characters)." in wrong.words
    page = reader.follow(reader.post(address, reason="Somebody called."))
    assert "Somebody called." in page.words
    own = visit(agency)
    assert "We are checking your account." in own.get("/payouts").words
    page = reader.follow(reader.post(f"/admin/money/payouts/accounts/{agency.org_id}/release", reason="It was them."))
    assert "Every account can be paid." in page.words
    assert "We are checking" not in own.get("/payouts").words


def test_another_bank_stops_payouts_until_staff_have_looked(visit, app):
    agency, reader = make_person("agency"), visit(make_person(STAFF))
    make_payable(agency)
    swapped = recipient(agency.who, banks=(BankAccount("ANOTHER BANK", "1111", "another bank"),))
    with transaction():
        payout_accounts.settle_account(swapped)
    assert "Your bank account was changed." in visit(agency).follow(visit(agency).post("/payouts")).words
    assert "Your bank account was changed." in reader.get("/admin/money/payouts").words
    reader.post(f"/admin/money/payouts/accounts/{agency.org_id}/release", reason="They were called back.")
    with transaction():
        payout_accounts.settle_account(swapped)
    assert "Every account can be paid." in reader.get("/admin/money/payouts").words


def test_our_own_money_goes_to_our_bank(visit, gateway, run_jobs):
    make_profit(gateway, 100_00)
    reader = visit(make_person(STAFF))
    sent = {"amount": "5,000.00", "currency": "USD", "reason": "The fees."}
    assert "That is more than our own money" in reader.follow(reader.post("/admin/money/payouts/sweeps", **sent)).words
    page = reader.follow(reader.post("/admin/money/payouts/sweeps", **{**sent, "amount": "10.00"}))
    assert "It is on its way to our bank." in page.words
    run_jobs()
    assert "sent $10.00" in reader.get("/admin/money/payouts").words


def test_what_has_left_is_taken_back_only_while_no_bank_has_it(visit, gateway):
    payout = asked(make_payable_at_stripe(gateway).who)
    reader = visit(make_person(STAFF))
    page = reader.follow(reader.post(f"/admin/money/payouts/{payout}/taking", reason="The bank is gone."))
    assert "No part of this payout can be taken back now." in page.words
    calls.perform(call_of("send_payout", payout))
    page = reader.follow(reader.post(f"/admin/money/payouts/{payout}/taking", reason="The bank is gone."))
    assert "It is being taken back." in page.words


def test_it_is_for_staff_with_the_power(visit, app):
    agency = make_person("agency")
    make_payable(agency)
    assert visit(agency).get("/admin/money/payouts").status == 404
    member = visit(make_person(STAFF, role="member"))
    assert member.get("/admin/money/payouts").status == 200
    assert member.post("/admin/money/payouts/sweeps", amount="10.00", reason="The fees.").status == 403
    own = f"/admin/organisations/{agency.org_id}"
    assert "Stop payouts" not in member.get(own).words
    assert member.post(f"{own}/payout-hold", reason="As I like.").status == 403
