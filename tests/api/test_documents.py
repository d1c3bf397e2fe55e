"""The description of the API: true, complete, and readable under a strict policy."""

import re

import pytest

from tests.factories.people import make_person

#: what a script may rely on; the description must name each with its forms
PROMISED = {
    "/verticals", "/verticals/{slug}", "/listings", "/listings/{listing_id}", "/listings/{listing_id}/leads",
    "/listings/{listing_id}/imports", "/imports", "/imports/{import_id}", "/imports/{import_id}/pause",
    "/imports/{import_id}/resumption", "/imports/{import_id}/cancellation", "/imports/{import_id}/errors.csv",
    "/leads", "/leads/{lead_id}", "/leads/{lead_id}/withdrawal", "/balance", "/balance/entries", "/catalog/leads",
    "/catalog/leads/{lead_id}", "/catalog/facets", "/orders", "/orders/{order_id}", "/orders/{order_id}/disputes",
    "/wallet", "/wallet/entries", "/wallet/top-ups", "/wallet/top-ups/{top_up_id}", "/disputes",
    "/disputes/{dispute_id}", "/disputes/{dispute_id}/answers", "/disputes/{dispute_id}/evidence",
    "/disputes/{dispute_id}/evidence/{evidence_id}", "/disputes/{dispute_id}/withdrawal",
    "/disputes/{dispute_id}/decisions", "/organisations", "/organisations/{org_id}/verification", "/audit",
    "/ledger/entries", "/health/invariants", "/proof", "/proof/{number}", "/quality",
    "/orders/{order_id}/sales", "/orders/{order_id}/no-sale", "/orders/{order_id}/no-sale/contests", "/sales",
    "/sales/files", "/sales/{sale_id}", "/sales/{sale_id}/answers", "/sales/{sale_id}/corrections",
    "/sales/{sale_id}/payments", "/sales/{sale_id}/decisions", "/audits", "/audits/{order_id}",
    "/audits/{order_id}/decisions",
    "/documents", "/documents/{document_id}", "/documents/{document_id}.pdf",
    "/documents/{document_id}.csv", "/billing-details",
}  # fmt: skip


@pytest.fixture
def description(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.mimetype == "application/json"
    return answer.get_json()


def operations(description):
    for path, found in description["paths"].items():
        for method, operation in found.items():
            if method != "parameters":
                yield path.removeprefix("/api/v1"), method, operation


def test_it_names_everything_that_was_promised(description):
    assert description["openapi"] == "3.1.0"
    assert {path for path, _, _ in operations(description)} >= PROMISED


def test_every_operation_says_what_it_does_and_how_it_refuses(description):
    for path, method, operation in operations(description):
        assert operation["summary"], (path, method)
        assert len(operation["tags"]) == 1
        assert "default" in operation["responses"]
        assert any(status.startswith("2") for status in operation["responses"])


def test_every_act_takes_an_idempotency_key(description):
    for path, method, operation in operations(description):
        names = {parameter.get("name") for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post"), (path, method)


def test_only_trades_and_the_proof_are_open_to_everybody(description):
    assert description["security"] == [{"key": []}]
    is_open = {path for path, _, operation in operations(description) if operation.get("security") == []}
    by_its_address = "/hooks/{hook_token}/outcomes"
    assert is_open == {"/verticals", "/verticals/{slug}", "/proof", "/proof/{number}", "/quality", by_its_address}


def test_errors_and_money_have_their_promised_form(description):
    forms = description["components"]["schemas"]
    assert set(forms["ErrorBody"]["properties"]) == {"code", "message", "fields"}
    price = forms["ListingTerms"]["properties"]["price"]
    assert price["required"] == ["amount", "currency"]
    assert price["properties"]["amount"]["type"] == "integer"


def test_its_sections_are_those_of_its_operations(description):
    used = [operation["tags"][0] for _, _, operation in operations(description)]
    assert [tag["name"] for tag in description["tags"]] == list(dict.fromkeys(used))


def test_no_form_is_named_twice(description):
    assert not [name for name in description["components"]["schemas"] if re.search(r"\d$", name)]


def test_the_page_runs_under_a_policy_that_lets_nothing_in(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    text = page.get_data(as_text=True)
    assert 'data-url="/api/v1/openapi.json"' in text
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert client.get(address).status_code == 200, address


def test_the_description_is_the_same_for_everybody(client):
    person = make_person("staff")
    mine = client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {person.key}"})
    assert mine.get_json() == client.get("/api/v1/openapi.json").get_json()


def test_a_dispute_may_come_as_json_or_as_a_form_with_files(description):
    content = description["paths"]["/api/v1/orders/{order_id}/disputes"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    forms = description["components"]["schemas"]
    assert forms["DisputeForm"]["properties"]["evidence"]["items"]["format"] == "binary"
    assert forms["DisputeWithFilesIn"]["properties"]["evidence"]["items"]["required"] == ["name", "content"]
