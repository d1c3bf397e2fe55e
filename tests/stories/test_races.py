"""Many at once over real sockets: one winner, clean refusals, and every invariant afterwards."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from marketplace.insights import run_checks
from marketplace.kit.db import db
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, purchase, put_on_sale

pytestmark = pytest.mark.slow


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


@pytest.fixture
def at_once(live):
    """Send all requests at the same moment, a thread and a connection each: -> (status, code) of each."""

    def send(requests):
        start = threading.Barrier(len(requests))

        def one(request):
            person, body = request
            headers = {"Authorization": f"Bearer {person.key}"}
            with httpx.Client(base_url=live, timeout=60, trust_env=False, verify=False) as script:
                start.wait()
                answer = script.post("/api/v1/orders", json=body, headers=headers)
            return answer.status_code, answer.json().get("error", {}).get("code")

        with ThreadPoolExecutor(len(requests)) as pool:
            return Counter(pool.map(one, requests))

    return send


def broken():
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def buyers(count, cents=10_000):
    found = [make_person("buyer") for _ in range(count)]
    for person in found:
        fund(person.who, cents)
    return found


def test_a_hundred_buy_one_exclusive_lead_and_one_has_it(api, agency, at_once):
    (lead_id,) = put_on_sale(agency)
    people = buyers(4)
    got = at_once([(people[n % 4], purchase(lead_id)) for n in range(100)])
    assert got[(201, None)] == 1
    assert sum(got.values()) == 100
    assert set(got) <= {(201, None), (409, "lead_sold"), (409, "already_bought")}
    wallets = [api(person).get("/wallet").body for person in people]
    assert sorted(wallet["held"] for wallet in wallets) == [0, 0, 0, 2_500]
    assert broken() == {}


def test_four_buy_a_lead_with_three_places_and_three_have_it(agency, at_once):
    (lead_id,) = put_on_sale(agency, exclusivity="shared", max_buyers=3, kind="consumer")
    people = buyers(4)
    got = at_once([(people[n % 4], purchase(lead_id)) for n in range(24)])
    assert got[(201, None)] == 3
    assert set(got) <= {(201, None), (409, "lead_sold"), (409, "already_bought")}
    assert broken() == {}


def test_a_wallet_with_money_for_five_buys_five_of_twenty(api, agency, at_once):
    leads = put_on_sale(agency, count=20)
    (person,) = buyers(1, 12_500)
    got = at_once([(person, purchase(lead_id)) for lead_id in leads])
    assert got == {(201, None): 5, (402, "insufficient_funds"): 15}
    wallet = api(person).get("/wallet")
    assert (wallet["available"], wallet["held"]) == (0, 12_500)
    assert broken() == {}


def test_baskets_that_overlap_never_wait_for_each_other_for_ever(agency, at_once):
    leads = put_on_sale(agency, count=6)
    people = buyers(4, 50_000)
    total = {"amount": 15_000, "currency": "USD"}
    orders = [leads, leads[::-1], leads[3:] + leads[:3], leads[::2] + leads[1::2]]
    got = at_once([(person, {"lead_ids": ids, "max_total": total}) for person, ids in zip(people, orders, strict=True)])
    assert set(got) <= {(201, None), (200, None)}
    assert broken() == {}


def test_a_trial_buyer_stays_within_five_leads_however_many_ask_at_once(agency, at_once):
    leads = put_on_sale(agency, count=12, price={"amount": 1_000, "currency": "USD"})
    person = make_person("buyer", is_verified=False)
    fund(person.who, 20_000)
    got = at_once([(person, purchase(lead_id, 1_000)) for lead_id in leads])
    assert got == {(201, None): 5, (403, "not_verified"): 7}
    assert broken() == {}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("UPDATE ledger_postings SET amount = amount + 1 WHERE amount > 0", {"I1", "I2", "I3", "I5"}),
        ("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'", {"I3"}),
        ("UPDATE ledger_entries SET kind = 'adjustment' WHERE kind = 'hold'", {"I5"}),
        ("DELETE FROM ledger_postings WHERE amount < 0", {"I1", "I2", "I3", "I5"}),
        ("UPDATE leads SET slots_taken = 0", {"I12"}),
        ("UPDATE orders SET refunded_cents = 100", {"I8", "I9"}),
        ("UPDATE top_ups SET state = 'created'", {"I11"}),
        ("DELETE FROM orders", {"R1"}),
    ],
)
def test_the_checks_find_what_a_hand_has_changed(api, agency, change, codes):
    (lead_id,) = put_on_sale(agency)
    (person,) = buyers(1)
    buy(api(person), lead_id)
    assert broken() == {}
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as hand:
        hand.execute("SET session_replication_role = replica")
        hand.execute(change)
    assert codes <= set(broken())
    health = api(make_person("staff")).get("/health/invariants")
    assert (health.status, health["ok"]) == (200, False)
    assert codes <= {item["code"] for item in health["items"] if item["rows"]}
