"""An agency that owes us something repays it from what it earns, before anything is payable to it."""

from concurrent.futures import ThreadPoolExecutor

from marketplace import leads, ledger, orders
from marketplace.events import SYSTEM
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, credit, debit, debt_first
from marketplace.orders import jobs
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.faults.listings import open_listing

PRICE = Money(100_00, "USD")


def sold(agency, count):
    buyer = make_person("buyer").who
    fund(buyer, count * PRICE.amount)
    with transaction():
        listing = open_listing(agency, price_cents=PRICE.amount)
        for each in leads.receive(listing, [make_lead() for _ in range(count)], by=agency):
            orders.place(buyer, each.lead_id, PRICE)


def owes(agency, cents):
    lines = [debit(Account.SUPPLIER_RECEIVABLE, cents, agency.org_id), credit(Account.FEE_REVENUE, cents)]
    with transaction():
        key = f"adjustment:{new_id()}"
        ledger.post("adjustment", key=key, reference=agency.org_id, currency="USD", lines=lines, by=SYSTEM)


def standing(agency):
    session().rollback()
    kinds = (Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE)
    return tuple(ledger.balance(kind, agency.org_id, "USD") for kind in kinds)


def test_release_and_reserve_repay_the_debt_first(app, clock):
    agency = make_person("agency").who
    sold(agency, 1)
    owes(agency, 85_00)
    clock.advance(days=8)
    jobs.release_due()
    assert standing(agency) == (4_00, 0)  # of 100.00: fee 10.00, reserve 9.00, and 81.00 of the debt
    clock.advance(days=61)
    jobs.release_due()
    assert standing(agency) == (0, 5_00)
    assert all(finding.holds for finding in run_checks())


def test_sweeps_at_once_repay_a_debt_once(app, clock):
    agency = make_person("agency").who
    for _ in range(4):
        sold(agency, 5)
    owes(agency, 200_00)
    clock.advance(days=8)

    def sweep(_number):
        with app.app_context():
            jobs.release_due()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(4)))
    assert standing(agency) == (0, 20 * 81_00 - 200_00)
    assert all(finding.holds for finding in run_checks())


def test_what_is_owed_stays_as_read_until_the_end(app):
    """Between reading the debt and writing the entry nobody else may repay it."""
    agency = make_person("agency").who
    owes(agency, 50_00)

    def earn(_number):
        lines = debt_first(Account.SUPPLIER_RECEIVABLE, Account.SUPPLIER_PAYABLE, agency.org_id, 40_00, "USD")
        case = new_id()
        paid = [debit(Account.GOODWILL_EXPENSE, 40_00), *lines]
        ledger.post("appeal_award", key=f"appeal:{case}:award", reference=case, currency="USD", lines=paid, by=SYSTEM)

    def in_its_own_transaction(number):
        with app.app_context(), transaction():
            earn(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_its_own_transaction, range(4)))
    assert standing(agency) == (0, 110_00)
