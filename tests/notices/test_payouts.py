"""What agencies and staff are told about payouts."""

from marketplace.billing import calls
from marketplace.billing.actions import payout_accounts
from marketplace.billing.gateway import BankAccount
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from tests.factories.payouts import asked, make_payable, make_payable_at_stripe, recipient
from tests.factories.people import make_person


def subjects(mail):
    return sorted(letter.subject for letter in mail.letters)


def test_a_payout_that_has_left_and_one_that_was_not_made(app, gateway, run_jobs, mail):
    agency = make_payable_at_stripe(gateway)
    calls.perform(call_of("send_payout", asked(agency.who)))
    run_jobs()
    assert "$100.00 is on its way to your bank" in subjects(mail)


def test_an_account_that_stripe_does_not_know(app, gateway, run_jobs, mail):
    agency = make_person("agency")
    make_payable(agency)
    calls.perform_by_itself(call_of("send_payout", asked(agency.who)))
    run_jobs()
    assert "Your payout of $100.00 did not arrive" in subjects(mail)


def test_another_bank_is_told_to_the_agency_and_to_staff(app, run_jobs, mail):
    agency, staff = make_person("agency"), make_person("staff")
    make_payable(agency)
    with transaction():
        swapped = recipient(agency.who, banks=(BankAccount("ANOTHER", "1111", "another bank"),))
        payout_accounts.settle_account(swapped)
    run_jobs()
    told = {(letter.to, letter.subject) for letter in mail.letters}
    assert (agency.email, "Your payouts need your attention") in told
    assert any(to == staff.email and subject.startswith("Payouts to") for to, subject in told)
