"""What is held stands on every page: it is found without reading all that a party ever bought or sold."""

import pytest
from sqlalchemy import text

from marketplace import orders
from marketplace.kit.db import session, transaction
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.queries import listening, plan_of
from tests.factories.sales import acquire, offer
from tests.factories.story import sold


@pytest.mark.parametrize(
    ("kind", "held", "indexes"),
    [
        ("buyer", 45_00, ["ix_orders_buyer_held", "ix_acquisitions_deposit"]),
        ("agency", 25_00, ["ix_orders_agency_held"]),
    ],
)
def test_only_what_is_held_is_read(api, later, kind, held, indexes):
    people = {"agency": make_person("agency"), "buyer": funded_buyer(50_000)}
    agency, buyer = api(people["agency"]), api(people["buyer"])
    for _settled in range(3):
        sold(agency, buyer)
    later(days=8)
    sold(agency, buyer)
    for _given_back in range(3):
        acquire(buyer, *offer(agency))
    with transaction():
        session().execute(text("UPDATE acquisitions SET deposit_back = true"))
    acquire(buyer, *offer(agency))
    asked = []
    with transaction(), listening(asked):
        session().execute(text("ANALYZE orders, acquisitions"))
        asked.clear()
        assert orders.held_for(people[kind].who, "USD") == held
        plans = "".join(map(plan_of, list(asked)))
    assert [name for name in indexes if name not in plans] == []
