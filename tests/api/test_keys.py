"""Who may ask: keys, their scopes, and what everybody may know."""

import pytest

from marketplace.kit.db import transaction
from marketplace.people import actions, queries
from tests.factories.leads import make_listing
from tests.factories.people import make_person

PROTECTED = [
    ("GET", "/listings"), ("POST", "/listings"), ("GET", "/leads"), ("GET", "/imports"), ("GET", "/balance"),
    ("GET", "/catalog/leads"), ("GET", "/catalog/facets"), ("GET", "/orders"), ("POST", "/orders"), ("GET", "/wallet"),
    ("POST", "/wallet/top-ups"), ("GET", "/disputes"), ("GET", "/organisations"), ("GET", "/audit"),
    ("GET", "/ledger/entries"), ("GET", "/health/invariants"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PROTECTED)
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, "key_missing"),
        ("", "key_missing"),
        ("Bearer", "key_missing"),
        ("Basic abc", "key_missing"),
        ("Bearer flk_nobody", "unknown_key"),
        ("Bearer \xff\xfe", "unknown_key"),
    ],
)
def test_without_a_key_of_ours_nothing_is_looked_at(client, method, path, sent, code):
    headers = {} if sent is None else {"Authorization": sent}
    answer = client.open(f"/api/v1{path}", method=method, headers=headers, data=b"{not json")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_trades_are_for_anybody(api):
    nobody = api(None)
    listed = nobody.get("/verticals")
    assert [item["slug"] for item in listed["items"]] == ["education", "home_services", "insurance"]
    schema = nobody.get("/verticals/insurance")["schema"]
    assert schema["required"] == ["product"]
    assert schema["properties"]["product"]["x-preview"] == "exact"
    assert nobody.get("/verticals/nothing").code == "unknown_vertical"


def test_a_revoked_key_ends_at_once(api):
    buyer = make_person("buyer")
    assert api(buyer).get("/wallet").status == 200
    with transaction():
        (key,) = queries.api_keys_for(buyer.who)
        actions.revoke_api_key(buyer.who, key.id)
    assert api(buyer).get("/wallet").code == "unknown_key"


def test_a_key_without_the_scope_is_told_so(api):
    reader = make_person("agency", scopes=["listings:read"])
    assert api(reader).get("/listings").status == 200
    refused = api(reader).post("/listings", make_listing())
    assert (refused.status, refused.code) == (403, "missing_scope")
    writer = make_person("buyer", scopes=["orders:write"])
    price = {"amount": 100, "currency": "USD"}
    bought = api(writer).post("/orders", {"lead_id": "0" * 32, "quoted_price": price})
    assert (bought.status, bought.code) == (403, "missing_scope")


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("agency", ["/wallet", "/catalog/leads", "/catalog/facets", "/audit", "/ledger/entries", "/organisations"]),
        ("buyer", ["/balance", "/leads", "/listings", "/imports", "/audit", "/health/invariants"]),
        ("staff", ["/wallet", "/balance", "/catalog/leads", "/orders", "/leads", "/listings"]),
    ],
)
def test_the_other_sides_resources_are_closed(api, kind, paths):
    person = api(make_person(kind))
    for path in paths:
        assert (person.get(path).status, person.get(path).code) == (403, "missing_scope"), path


def test_every_answer_is_data_that_nobody_keeps(api):
    answer = api(make_person("buyer")).get("/wallet")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert len(answer.headers["X-Request-Id"]) == 32
