"""Silence decides: an agency that does not answer in time gives the money back, once."""

from marketplace import disputes, ledger, orders
from marketplace.disputes import DisputeState, Reason, jobs, verdicts
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.leads import receive
from marketplace.ledger import Account
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.faults.listings import open_listing


def disputed():
    agency, buyer = make_person("agency").who, make_person("buyer").who
    fund(buyer, 50_00)
    with transaction():
        [received] = receive(open_listing(agency), [make_lead()], by=agency)
    with transaction():
        order_id = orders.place(buyer, received.lead_id, Money(25_00, "USD"))
        return agency, buyer, disputes.open_dispute(buyer, order_id, Reason.BOT, "A program filled it in.").id


def test_silence_gives_the_money_back_once(app, clock):
    _agency, buyer, dispute_id = disputed()
    clock.advance(hours=71)
    jobs.uphold_unanswered()
    assert disputes.find_for(buyer, dispute_id).state == DisputeState.OPEN
    session().rollback()
    clock.advance(hours=2)
    jobs.uphold_unanswered()
    jobs.uphold_unanswered()
    dispute = disputes.find_for(buyer, dispute_id)
    assert (dispute.state, dispute.refund_percent, dispute.decided_by) == (DisputeState.UPHELD, 100, None)
    assert ledger.balance(Account.WALLET_CASH, buyer.org_id, "USD") == 50_00
    assert all(finding.holds for finding in run_checks())


def test_an_answer_in_time_leaves_it_to_staff(app, clock):
    agency, buyer, dispute_id = disputed()
    with transaction():
        disputes.answer(agency, dispute_id, "Our log shows a person who typed for two minutes.")
    clock.advance(days=4)
    jobs.uphold_unanswered()
    assert disputes.find_for(buyer, dispute_id).state == DisputeState.ANSWERED


def test_a_time_that_was_put_off_while_the_job_looked_is_not_over(app, clock):
    agency, buyer, dispute_id = disputed()
    with transaction():
        disputes.answer(agency, dispute_id, "Our log shows a person who typed for two minutes.")
    clock.advance(hours=1)
    with transaction():
        verdicts.TARDY.act(dispute_id)
    assert disputes.find_for(buyer, dispute_id).state == DisputeState.ANSWERED
