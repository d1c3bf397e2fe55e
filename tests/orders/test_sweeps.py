"""Two sweeps at once, and decisions of two people at once: each order is paid out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from marketplace import disputes, leads, orders
from marketplace.disputes import DisputeState, Reason, Verdict
from marketplace.disputes.errors import DisputeClosed
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.orders import jobs
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.faults.listings import open_listing

PRICE = Money(5_00, "USD")


def bought(buyer, agency, count):
    with transaction():
        listing = open_listing(agency, price_cents=PRICE.amount)
        received = leads.receive(listing, [make_lead() for _ in range(count)], by=agency)
        return [orders.place(buyer, each.lead_id, PRICE) for each in received]


def test_sweeps_in_parallel_pay_each_order_once(app, clock):
    buyer, agencies = make_person("buyer").who, [make_person("agency").who for _ in range(3)]
    fund(buyer, 60 * PRICE.amount)
    for _ in range(2):
        for agency in agencies:
            bought(buyer, agency, 10)
    clock.advance(days=8)

    def sweep(_number):
        with app.app_context():
            jobs.release_due()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(4)))
    jobs.release_due()
    assert session().scalar(text("SELECT count(*) FROM orders WHERE state = 'released'")) == 60
    assert session().scalar(text("SELECT count(*) FROM ledger_entries WHERE kind = 'release'")) == 60
    assert all(finding.holds for finding in run_checks())


def test_a_case_that_somebody_else_has_decided_meanwhile_stays_decided(app):
    buyer, agency, staff = make_person("buyer").who, make_person("agency").who, make_person("staff").who
    fund(buyer, 20_00)
    [order_id] = bought(buyer, agency, 1)
    with transaction():
        dispute = disputes.open_dispute(buyer, order_id, Reason.BOT, "A program filled it in.")
    assert disputes.find_for(staff, dispute.id).state == DisputeState.OPEN  # as a page has loaded it
    session().rollback()

    def reject():
        with app.app_context(), transaction():
            disputes.decide(staff, dispute.id, Verdict(DisputeState.REJECTED, 0, "The log shows a person."))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(reject).result()
    with pytest.raises(DisputeClosed), transaction():
        disputes.decide(staff, dispute.id, Verdict(DisputeState.UPHELD, 100, "The log shows a program."))
    assert all(finding.holds for finding in run_checks())
