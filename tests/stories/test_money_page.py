"""docs/money.md says what each act writes into the ledger: the acts are done here, and the page is compared."""

from sqlalchemy import text

from marketplace import disputes, leads, orders
from marketplace.billing import actions as billing
from marketplace.billing.gateway import Payment, Settlement
from marketplace.disputes import DisputeState, Reason, Verdict
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.orders import jobs
from tests.factories.books import promised, written
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.faults.listings import open_listing

KINDS = ["topup", "charge_settle", "hold", "refund", "release", "reserve_release"]


def test_the_page_tells_what_the_ledger_does(app, clock):
    agency, buyer, staff = make_person("agency").who, make_person("buyer").who, make_person("staff").who
    fund(buyer, 200_00, is_settled=False)
    payment = session().scalar(text("SELECT payment_intent_id FROM top_ups"))
    with transaction():
        billing.settle_payment(Payment(payment, Settlement("txn_1", Money(200_00, "USD"), 6_10)))
    with transaction():
        listing = open_listing(agency, price_cents=100_00)
        [received] = leads.receive(listing, [make_lead()], by=agency)
    with transaction():
        order_id = orders.place(buyer, received.lead_id, Money(100_00, "USD"))
    with transaction():
        dispute = disputes.open_dispute(buyer, order_id, Reason.NOT_REQUESTED, "She says that she never asked.")
    with transaction():
        disputes.decide(staff, dispute.id, Verdict(DisputeState.PARTLY_UPHELD, 50, "Half of the request stands."))
    for days in (8, 60):
        clock.advance(days=days)
        jobs.release_due()

    assert written() == promised(KINDS)
    assert all(finding.holds for finding in run_checks())
