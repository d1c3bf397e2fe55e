"""What agencies are paid at our cost for appeals that they won."""

from uuid import UUID

from marketplace import ledger
from marketplace.events import SYSTEM
from marketplace.insights import run_checks
from marketplace.kit.db import transaction
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, credit, debit
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


def test_an_order_that_is_paid_for_twice_is_found(api):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 100_00)
    (lead,) = put_on_sale(api(agency))
    order = UUID(buy(api(buyer), lead))
    for is_broken in (False, True):
        cents = 22_50
        lines = [debit(Account.GOODWILL_EXPENSE, cents), credit(Account.SUPPLIER_PAYABLE, cents, agency.who.org_id)]
        with transaction():
            key = f"appeal:{new_id()}:award"
            ledger.post("appeal_award", key=key, reference=order, currency="USD", lines=lines, by=SYSTEM)
        assert ("R9" in {each.code for each in run_checks() if not each.holds}) == is_broken
