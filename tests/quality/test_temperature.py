"""How warm leads turned out, beside what their agency says."""

import pytest
from sqlalchemy import text

from marketplace.kit.db import session, transaction
from marketplace.quality.temperature import temperature_of
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.sold import End, sell
from tests.factories.story import put_on_sale

#: a busy month of the trade
_YOUNG = text("""
INSERT INTO sold_leads (order_id, lead_id, listing_id, agency_id, buyer_id, vertical, channel, is_per_sale, price_cents,
  currency, placed_at, matured_at, fault, stage)
SELECT gen_random_uuid(), lead_id, listing_id, agency_id, buyer_id, vertical, channel, is_per_sale, price_cents,
  currency, placed_at + interval '30 days', matured_at + interval '30 days', fault, stage
FROM (SELECT * FROM sold_leads WHERE stage = 'lost' LIMIT 1) AS one, generate_series(1, 20000)
""")


@pytest.mark.parametrize(
    ("sold", "bought", "usual", "word"),
    [
        (29, 29, 0.1, None),
        (30, 15, None, None),
        (30, 15, 0.2, "hot"),
        (30, 5, 0.1, "warm"),  # more than usual, but not surely
        (200, 4, 0.1, "cold"),
        (30, 1, 0.1, "warm"),  # fewer than usual, but not surely
    ],
)
def test_a_word_needs_enough_leads_and_a_clear_distance(sold, bought, usual, word):
    assert temperature_of(sold, bought, usual) == word


def test_what_the_agency_says_stands_beside_what_was_measured(app, api):
    agency, buyer = api(make_person("agency")), make_person("buyer")
    (hot,) = put_on_sale(agency, make_lead(channel="social"), temperature="hot")
    (other,) = put_on_sale(agency, make_lead(channel="search"))
    run_jobs(app)
    reader = api(buyer)
    few = reader.get(f"/catalog/leads/{hot}")
    assert few["temperature"] == "hot"
    assert few["temperature_measured"] == {"measured": None, "sold": 0, "bought": 0, "needed": 30}
    sell(hot, buyer.org_id, [End(won=number < 3, ago_days=40) for number in range(60)])
    sell(hot, buyer.org_id, [End(won=True, ago_days=10) for _ in range(5)])  # too young to count
    sell(hot, buyer.org_id, [End(told=False, ago_days=40) for _ in range(40)])  # nobody said anything of these
    sell(other, buyer.org_id, [End(won=number < 30, ago_days=40) for number in range(60)])
    told = reader.get(f"/catalog/leads/{hot}")["temperature_measured"]
    assert told == {"measured": "cold", "sold": 60, "bought": 3, "needed": 30}
    assert reader.get(f"/catalog/leads/{other}")["temperature_measured"]["measured"] == "hot"
    with transaction():
        session().execute(_YOUNG)
    again = reader.get(f"/catalog/leads/{hot}")["temperature_measured"]
    assert again == told, "that very much was sold lately says nothing of what came before"
