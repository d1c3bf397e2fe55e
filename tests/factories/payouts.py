"""An agency that can be paid, and money of its own to pay it with."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
from sqlalchemy import text

from marketplace import billing, ledger
from marketplace.billing import calls
from marketplace.billing.actions import payout_accounts
from marketplace.billing.gateway import BankAccount, Recipient
from marketplace.billing.payouts import ask_payout, look_up_account, onboarding_link
from marketplace.events import SYSTEM
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, credit, debit
from marketplace.people import Who
from tests.factories.api import Api
from tests.factories.leads import make_lead
from tests.factories.people import Person, make_person
from tests.factories.running import Payments
from tests.factories.story import buy, put_on_sale

GOOD, NO_ACCOUNT, RETURNED_LATE, REFUSED = "000123456789", "000111111116", "000111111113", "000999999991"
ANOTHER = "000123400001"


@dataclass
class Bank:
    """Somebody of an agency at Stripe's own page."""

    payments: Payments

    def tell(self, url: str, number: str = GOOD, **more: str) -> int:
        """Fill in the page; the status of the answer, 303 when everything was taken."""
        form = {"entity_type": "company", "name": "Harbor Media", "country": "us", "bank": number, "terms": "1", **more}
        with httpx.Client(timeout=10, trust_env=False, verify=False) as browser:
            browser.get(url)
            return browser.post(url, data=form).status_code


def onboard(agency: Api, payments: Payments, run_jobs, clock, number: str = GOOD) -> None:
    """Tell Stripe everything, and have it checked."""
    link = agency.post("/payout-account")
    assert link.status == 201, link.body
    assert Bank(payments).tell(link["url"], number) == 303
    clock.advance(seconds=10)
    hear(payments, run_jobs)


def hear(payments: Payments, run_jobs) -> None:
    """Have everything happen at Stripe that is due, and hear of it."""
    for _ in range(3):
        payments.deliver()
        run_jobs()


def earn(agency: Api, buyer: Api, payments: Payments, run_jobs, later, cents: int = 100_00, count: int = 1) -> None:
    """Leads are paid by card, bought, and their windows close: each brings 81 % of its price to a new agency."""
    pay_in(buyer, payments, run_jobs, cents * count)
    price = {"amount": cents, "currency": "USD"}
    for lead_id in put_on_sale(agency, *[make_lead() for _ in range(count)], price=price):
        buy(buyer, lead_id, cents)
    later(days=8)
    hear(payments, run_jobs)


def pay_in(buyer: Api, payments: Payments, run_jobs, cents: int) -> None:
    asked = buyer.post("/wallet/top-ups", {"amount": {"amount": cents, "currency": "USD"}})
    assert asked.status == 201, asked.body
    assert payments.pay(asked["checkout_url"]) == 303
    hear(payments, run_jobs)


def payout_row(**more):
    """The newest payout as the database has it."""
    session().rollback()
    return session().execute(text("SELECT * FROM payouts ORDER BY id DESC LIMIT 1")).one()


def set_grade(person, grade: str) -> None:
    """As if its record had brought it there."""
    with transaction():
        session().execute(text("UPDATE organisations SET grade = :g WHERE id = :id"), {"g": grade, "id": person.org_id})


def award(agency: Who, cents: int) -> None:
    """Money of an agency without a sale: what an appeal that was won brings."""
    case = new_id()
    lines = [debit(Account.GOODWILL_EXPENSE, cents), credit(Account.SUPPLIER_PAYABLE, cents, agency.org_id)]
    with transaction():
        key = f"appeal:{case}:award"
        ledger.post("appeal_award", key=key, reference=case, currency="USD", lines=lines, by=SYSTEM)


def recipient(agency: Who, **more: object) -> Recipient:
    """An account at Stripe in which nothing is missing, as Stripe would describe it."""
    bank = BankAccount("TEST BANK", "6789", "one bank")
    known = {"country": "US", "transfers": "active", "payouts": "active", "needs": (), "is_closed": False}
    return Recipient(**{"id": f"acct_{agency.org_id.hex}", "org_id": agency.org_id, **known, "banks": (bank,), **more})


def make_payable(person: Person, cents: int = 100_00) -> None:
    """An agency of the best grade with an account at Stripe that nobody at Stripe knows, and money of its own."""
    set_grade(person, "A")
    with transaction():
        account = payout_accounts.ask_account(person.who)
        payout_accounts.attach_account(account.id, recipient(person.who))
    award(person.who, cents)


def make_payable_at_stripe(payments: Payments, cents: int = 100_00) -> Person:
    """The same with a real account at Stripe's stand-in, and with enough of our own money there."""
    agency, buyer = make_person("agency"), make_person("buyer").who
    set_grade(agency, "A")
    top_up = billing.open_checkout(buyer, lambda: billing.ask_top_up(buyer, Money(2 * cents, "USD")).id)
    assert payments.pay(str(top_up.checkout_url)) == 303
    assert Bank(payments).tell(onboarding_link(agency.who)) == 303
    with transaction():
        clock.advance(timedelta(days=3))
    payments.deliver()
    calls.reconcile()
    look_up_account(agency.who)
    award(agency.who, cents)
    return agency


def asked(agency: Who, currency: str = "USD") -> UUID:
    """A payout that is reserved and not sent."""
    with transaction():
        return ask_payout(agency, currency).id


def make_profit(payments: Payments, cents: int) -> None:
    """Money at Stripe that is our own, and that Stripe's list of movements is read about."""
    buyer = make_person("buyer").who
    top_up = billing.open_checkout(buyer, lambda: billing.ask_top_up(buyer, Money(cents, "USD")).id)
    assert payments.pay(str(top_up.checkout_url)) == 303
    with transaction():
        clock.advance(timedelta(days=3))
    payments.deliver()
    calls.reconcile()
    lines = [debit(Account.WALLET_CASH, cents, buyer.org_id), credit(Account.FEE_REVENUE, cents)]
    with transaction():
        key = f"adjustment:{new_id()}"
        ledger.post("adjustment", key=key, reference=buyer.org_id, currency="USD", lines=lines, by=SYSTEM)
    calls.reconcile_balance()
