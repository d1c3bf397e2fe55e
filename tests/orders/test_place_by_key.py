"""The purchase in one statement comes to the same as the ordinary way: who may, what is shown, what is refused."""

import itertools

import psycopg
import pytest
from sqlalchemy import text

from marketplace import leads, orders
from marketplace.api.v1.orders import OrderOut
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import db, session, transaction
from marketplace.kit.direct import alone
from marketplace.kit.errors import Refusal
from marketplace.kit.money import Money
from marketplace.people import actions, queries
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import purchase, put_on_sale

PRICE = Money(2_500, "USD")


@pytest.fixture
def agency(api):
    return api(make_person("agency"))


def by_key(key, lead_id):
    with alone():
        return orders.place_by_key(queries.hash_of_key(key), lead_id, PRICE)


def ordinarily(key, lead_id):
    """Whether somebody with this key may buy by the ordinary way, and read what was bought."""
    try:
        with transaction():
            who = queries.who_of_key(key)
            order_id = orders.place(who, lead_id, PRICE)
            orders.line_for(who, order_id)
            session().rollback()
    except Refusal as why:
        return type(why)
    return None


ROLES = ["owner", "manager", "member", "finance"]
FLAWS = [None, "not confirmed", "terms not accepted", "only one document accepted"]
SCOPES = [
    ["orders:read", "orders:write"],
    ["orders:read"],
    ["orders:write"],
    ["orders:read", "orders:write", "nothing"],
]


@pytest.mark.parametrize(("role", "flaw", "scopes"), list(itertools.product(ROLES, FLAWS, SCOPES)))
def test_who_may_buy_is_the_same_both_ways(agency, role, flaw, scopes):
    person = make_person("buyer")
    fund(person.who, 10_000)
    (lead_id,) = put_on_sale(agency)
    with transaction():
        spoil(person, role, flaw, scopes)
    refused = ordinarily(person.key, lead_id)
    line = by_key(person.key, lead_id)
    assert (line is None) == (refused is not None)
    assert count_of("orders") == (0 if refused else 1)


def spoil(person, role, flaw, scopes):
    run = session().execute
    who = {"user": person.who.user_id, "org": person.org_id}
    run(text("UPDATE memberships SET role = :role WHERE org_id = :org"), {**who, "role": role})
    run(text("UPDATE api_keys SET scopes = :scopes WHERE org_id = :org"), {**who, "scopes": scopes})
    if flaw == "not confirmed":
        run(text("UPDATE users SET email_confirmed_at = NULL WHERE id = :user"), who)
    elif flaw == "terms not accepted":
        run(text("DELETE FROM terms_acceptances WHERE org_id = :org"), who)
    elif flaw == "only one document accepted":
        run(text("DELETE FROM terms_acceptances WHERE org_id = :org AND document = 'terms'"), who)


@pytest.mark.parametrize("kind", ["agency", "staff"])
def test_other_sides_buy_nothing(agency, kind):
    (lead_id,) = put_on_sale(agency)
    assert by_key(make_person(kind).key, lead_id) is None


def test_a_key_that_was_revoked_a_moment_ago_buys_nothing(agency, api):
    person = make_person("buyer")
    fund(person.who, 10_000)
    first, second = put_on_sale(agency, count=2)
    assert by_key(person.key, first)
    key_id = session().execute(text("SELECT id FROM api_keys WHERE org_id = :org"), {"org": person.org_id}).scalar_one()
    session().rollback()
    with transaction():
        actions.revoke_api_key(person.who, key_id)
    assert by_key(person.key, second) is None
    answer = api(person).post("/orders", purchase(second))
    assert (answer.status, answer.code) == (401, "unknown_key")


def test_somebody_unknown_is_told_nothing_else(api, agency):
    (lead_id,) = put_on_sale(agency)
    nobody = api(make_person("buyer"))
    stranger = type(nobody)(nobody.send, "flk_nobody")
    for body in (purchase(lead_id), {"lead_id": "x"}, {}, {"lead_ids": [lead_id], "max_total": PRICE.to_json()}):
        assert stranger.post("/orders", body).code == "unknown_key"
    assert api(None).post("/orders", purchase(lead_id)).code == "key_missing"
    assert count_of("orders") == 0


def test_nobody_is_taken_for_who_asked_before(app, agency):
    first, second = put_on_sale(agency, count=2)
    person = make_person("buyer")
    client = app.test_client()  # within the context of the test, which lives longer than a request

    def buy(lead_id, key):
        answer = client.post("/api/v1/orders", json=purchase(lead_id), headers={"Authorization": f"Bearer {key}"})
        return answer.status_code, answer.get_json()["error"]["code"]

    assert buy(first, person.key) == (402, "insufficient_funds")
    fund(person.who, 10_000)
    assert buy(second, "flk_nobody") == (401, "unknown_key")
    assert count_of("orders") == 0


def test_what_is_shown_is_what_the_order_shows_and_what_is_described(api, agency):
    person = make_person("buyer")
    fund(person.who, 10_000)
    (lead_id,) = put_on_sale(agency, exclusivity="shared", max_buyers=3, kind="consumer")
    bought = api(person).post("/orders", purchase(lead_id), idem="k")
    assert bought.body == {**api(person).get(f"/orders/{bought['id']}").body, "contact": None}
    assert api(person).post("/orders", purchase(lead_id), idem="k").body == bought.body
    assert bought["lead"]["slots_left"] == 2
    assert OrderOut().validate(bought.body) == {}
    assert set(bought.body) == {field.data_key or name for name, field in OrderOut().fields.items()}


def test_the_same_again_tells_that_the_person_has_stopped_meanwhile(api, agency):
    person = make_person("buyer")
    fund(person.who, 20_000)
    first, second, third = put_on_sale(agency, *(make_lead(email=f"maria.{n}@example.com") for n in range(3)))
    several = {"lead_ids": [second, third], "max_total": {"amount": 9_000, "currency": "USD"}, "all_or_nothing": True}

    def told():
        """Since when no contact: of the purchase of one lead, and of each of several."""
        one = api(person).post("/orders", purchase(first), idem="one")
        both = [item["order"] for item in api(person).post("/orders", several, idem="both")["items"]]
        orders = [one.body, *both]
        assert orders == [{**api(person).get(f"/orders/{order['id']}").body, "contact": None} for order in orders]
        return [order["no_contact_since"] is not None for order in orders]

    assert told() == [False, False, False]
    with transaction():
        leads.stop_person(blind_index("email", "maria.0@example.com"))
        leads.stop_person(blind_index("email", "maria.2@example.com"))
    assert told() == [True, False, True]


def test_it_happens_once_in_tables_so_small_that_every_plan_looks_alike(api, agency):
    person = make_person("buyer")
    fund(person.who, 10_000)
    (lead_id,) = put_on_sale(agency)
    put_on_sale(agency, count=3)
    for setting in ("nestloop", "hashjoin", "mergejoin", "indexscan", "material"):
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE CURRENT_USER SET enable_{setting} = off"))
    db.engine.dispose()
    try:
        assert by_key(person.key, lead_id)
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER ROLE CURRENT_USER RESET ALL"))
        db.engine.dispose()
    assert (count_of("orders"), count_of("ledger_entries WHERE kind = 'hold'")) == (1, 1)


def test_no_row_of_the_platform_is_needed_by_a_purchase(api, agency):
    person = make_person("buyer")
    fund(person.who, 10_000)
    lead_ids = put_on_sale(agency, count=3)
    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as holder:
        holder.execute("SELECT ledger_account(kind, NULL, 'USD') FROM ledger_kinds WHERE NOT is_guarded")
        held = holder.execute("SELECT kind FROM ledger_accounts WHERE owner_id IS NULL FOR UPDATE").fetchall()
        assert {"fee_revenue", "stripe_clearing", "stripe_balance"} <= {kind for (kind,) in held}
        for lead_id in lead_ids:
            assert api(person).post("/orders", purchase(lead_id)).status == 201


def count_of(rows):
    with transaction():
        return session().scalar(text(f"SELECT count(*) FROM {rows}"))
