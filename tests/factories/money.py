"""Money in a wallet without a card: the same acts as a real top-up, with a checkout page of our own making."""

import itertools

from marketplace import ledger
from marketplace.billing import actions, ask_top_up
from marketplace.billing.actions import stripe_calls
from marketplace.billing.gateway import Checkout, Payment, Settlement
from marketplace.billing.models import CallState
from marketplace.billing.queries import call_of
from marketplace.events import SYSTEM
from marketplace.kit.db import transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.ledger import Account, credit, debit
from marketplace.people import Who
from tests.factories.people import Person, make_person

_NUMBERS = itertools.count(1)


def fund(who: Who, cents: int, currency: str = "USD", *, is_settled: bool = True) -> str:
    """Put money into a buyer's wallet, 20.00 to 2,000.00 a day; the top-up's id."""
    n, amount = next(_NUMBERS), Money(cents, currency)
    with transaction():
        top_up = ask_top_up(who, amount)
        page = Checkout(
            f"cs_{n}", top_up.id, "https://pay.test", is_paid=True, is_expired=False, amount=amount, payment=f"pi_{n}"
        )
        actions.attach_checkout(top_up.id, page)
        stripe_calls.end(call_of("open_checkout", top_up.id), CallState.DONE)
    with transaction():
        actions.settle_checkout(page)
        if is_settled:
            actions.settle_payment(Payment(f"pi_{n}", Settlement(f"txn_{n}", amount, fee=0)))
    return str(top_up.id)


def owe(who: Who, cents: int, currency: str = "USD") -> None:
    """The buyer owes us so much from now on."""
    lines = [debit(Account.BUYER_RECEIVABLE, cents, who.org_id), credit(Account.FEE_REVENUE, cents)]
    with transaction():
        key = f"adjustment:{new_id()}"
        ledger.post("adjustment", key=key, reference=who.org_id, currency=currency, lines=lines, by=SYSTEM)


def funded_buyer(cents: int) -> Person:
    """A buyer with so much money in the wallet."""
    person = make_person("buyer")
    fund(person.who, cents)
    return person
