"""For each kind of call to Stripe: something that wants it. A call without one here fails the suite.

A maker leaves a committed, unmade call behind and returns the id of the row that it is about.
"""

from collections.abc import Callable
from uuid import UUID

from marketplace import billing
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from tests.factories.people import make_person
from tests.factories.running import Payments


def a_top_up(_payments: Payments) -> UUID:
    buyer = make_person("buyer").who
    with transaction():
        return billing.ask_top_up(buyer, Money(50_00, "USD")).id


SUBJECTS: dict[str, Callable[[Payments], UUID]] = {
    "open_checkout": a_top_up,
}
