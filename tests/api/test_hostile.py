"""What no honest script sends: every answer is a refusal in our own form, never a 500."""

import base64
import json

import pytest

from marketplace.kit.errors import Conflict
from tests.factories.leads import make_lead, make_listing
from tests.factories.people import make_person

DEEP = "[" * 5_000 + "]" * 5_000
NOWHERE = "/orders/00000000-0000-7000-8000-000000000000/disputes"


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def agency(app):
    return make_person("agency")


@pytest.fixture
def listing(api, agency):
    found = api(agency).post("/listings", make_listing())["id"]
    api(agency).patch(f"/listings/{found}", {"state": "active"})
    return found


def raw(client, person, path, data, **headers):
    sent = {"Authorization": f"Bearer {person.key}", "Content-Type": "application/json", **headers}
    return client.post(f"/api/v1{path}", data=data, headers=sent)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b'{"lead_id": NaN}', 400, "bad_json"),
        (b'{"lead_id": ' + b"9" * 5_000 + b"}", 400, "bad_json"),
        (DEEP.encode(), 422, "invalid"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"", 422, "invalid"),
        (b'{"lead_id": {"a": 1}, "quoted_price": []}', 422, "invalid"),
        (b'{"lead_ids": "x", "max_total": {"amount": 1e999, "currency": "USD"}}', 422, "invalid"),
        (b'{"lead_id": null, "quoted_price": {"amount": 99999999999999999999999, "currency": "USD"}}', 422, "invalid"),
        (b'{"lead_id": "\\u0000", "quoted_price": {"amount": 1, "currency": "\\ud800"}}', 422, "invalid"),
        (b'{"lead_id": 1, "unknown": 2}', 422, "invalid"),
    ],
)
def test_a_body_that_is_no_purchase_is_refused_with_a_sentence(client, buyer, body, status, code):
    answer = raw(client, buyer, "/orders", body)
    assert answer.status_code == status, answer.get_data(as_text=True)
    error = answer.get_json()["error"]
    assert error["code"] == code
    assert error["message"]


def test_the_message_of_each_wrong_field_stands_under_its_dotted_name(api, agency):
    wrong = make_listing(price={"amount": 1, "currency": "USD"}, window_days=99, unknown=1)
    answer = api(agency).post("/listings", wrong)
    assert (answer.status, answer.code) == (422, "invalid")
    assert set(answer["error"]["fields"]) == {"price", "window_days", "unknown"}
    nested = api(agency).patch("/imports/00000000-0000-7000-8000-000000000000", {"consent": {"text": 5}})
    assert set(nested["error"]["fields"]) == {"consent.text"}


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "9" * 400,
        "٣",
        "-1",
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(json.dumps([10**40]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["\x00"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([None]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([str(10**17), "x"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps({"a": 1}).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([str(10**12), str(10**12)]).encode()).decode(),
        "a\x00b",
        "x" * 5_000,
    ],
)
def test_a_cursor_that_is_not_ours_is_refused_everywhere(api, agency, buyer, cursor):
    staff = make_person("staff")
    for person, paths in {
        agency: ("/listings", "/leads", "/imports", "/balance/entries", "/disputes"),
        buyer: ("/catalog/leads", "/orders", "/wallet/entries", "/disputes"),
        staff: ("/organisations", "/audit", "/ledger/entries", "/disputes"),
    }.items():
        for path in paths:
            answer = api(person).get(path, cursor=cursor)
            assert (answer.status, answer.code) == (422, "invalid"), (path, answer.body)
    assert api(buyer).get("/catalog/leads", cursor=cursor, sort="price").status == 422


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "9" * 30, "1.5", "\x00"])
def test_a_limit_out_of_range_is_refused(api, buyer, limit):
    assert (api(buyer).get("/orders", limit=limit).status) == 422


def test_a_parameter_that_does_not_exist_is_refused_instead_of_passed_over(api, buyer):
    answer = api(buyer).get("/catalog/leads", no_such=90)
    assert (answer.status, set(answer["error"]["fields"])) == (422, {"no_such"})


def test_one_hostile_lead_never_stops_the_others(api, agency, listing):
    hostile = [
        make_lead(),
        5,
        None,
        "text",
        [],
        {},
        make_lead(answers={"budget": 10**400}),
        make_lead(answers="x"),
        make_lead(answers={"budget": "9" * 400}),
        make_lead(phone={"a": 1}),
        make_lead(consent=[1]),
        make_lead(submitted_at="0001-01-01T00:00:00+14:00"),
        make_lead(submitted_at="9999-12-31T23:59:59-14:00"),
        make_lead(fill_seconds=10**400),
        make_lead(comment="x" * 100_000),
        make_lead(first_name="Zoë\x00", last_name="\ud800García", campaign="a\x00b", sub_id="\udfff"),
        make_lead(unknown_field=1),
        {"\x00": 1},
        make_lead(external_id="\x00"),
        make_lead(phone=None, email=None, social_url="https://linkedin.com/in/maria"),
        make_lead(country="\x00\x00"),
        make_lead(ip="999.999.999.999", user_agent="\x1b[31m", page_url="javascript:alert(1)"),
    ]
    answer = api(agency).post(f"/listings/{listing}/leads", hostile)
    assert answer.status == 201, answer.body
    assert [item["index"] for item in answer["items"]] == list(range(len(hostile)))
    status = [item["status"] for item in answer["items"]]
    assert status[0] == status[15] == status[19] == "accepted"
    assert {status[n] for n in (1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 16, 17)} == {"rejected"}
    for item in answer["items"]:
        assert (item["status"] == "accepted") == (item["id"] is not None)
        assert item["id"] or item["reasons"]


@pytest.mark.parametrize(("sent", "status", "code"), [([], 422, "invalid"), ([{}] * 1_001, 422, "too_many")])
def test_no_leads_and_too_many_leads_are_refused(api, agency, listing, sent, status, code):
    answer = api(agency).post(f"/listings/{listing}/leads", sent)
    assert (answer.status, answer.code) == (status, code)


def test_a_body_over_the_limit_is_refused_unread(client, agency, listing):
    answer = raw(client, agency, f"/listings/{listing}/leads", b" " * (17 << 20))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "may", "may_not"),
    [
        (NOWHERE, "disputes:write", "orders:write"),
        ("/report-doubts/00000000-0000-7000-8000-000000000000/answers", "orders:write", "disputes:write"),
    ],
)
def test_only_a_key_that_may_bring_evidence_sends_a_large_body(client, path, may, may_not):
    large = b" " * (17 << 20)
    statuses = [raw(client, make_person("buyer", scopes=[scope]), path, large).status_code for scope in (may, may_not)]
    assert statuses == [422, 413]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(api, buyer, agency, key):
    answer = api(agency).post("/listings", make_listing(), idem=key)
    assert (answer.status, set(answer["error"]["fields"])) == (422, {"Idempotency-Key"})
    price = {"amount": 100, "currency": "USD"}
    bought = api(buyer).post("/orders", {"lead_id": "0" * 32, "quoted_price": price}, idem=key)
    assert bought.status == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (NOWHERE, {"reason": "not_interested", "statement": "They do not want it."}),
        (NOWHERE, {"reason": "bot", "statement": "x"}),
        (NOWHERE, {"reason": ["bot"], "statement": {"a": 1}}),
        (NOWHERE, {"reason": "bot", "statement": "A program.", "evidence": "x"}),
        (NOWHERE, {"reason": "bot", "statement": "A program.", "evidence": [{"name": "a", "content": "%%%"}]}),
        (NOWHERE, {"reason": "bot", "statement": "A program.", "evidence": [{"name": "a", "content": "YQ=="}] * 6}),
        ("/wallet/top-ups", {"amount": {"amount": 1, "currency": "USD"}}),
        ("/wallet/top-ups", {"amount": {"amount": 5_000, "currency": "XXX"}}),
        ("/wallet/top-ups", {"amount": {"amount": True, "currency": "USD"}}),
        ("/wallet/top-ups", {"amount": {"amount": 5_000, "currency": 5}}),
        ("/wallet/top-ups", {"amount": 50}),
    ],
)
def test_a_payload_that_does_not_fit_is_refused(api, buyer, path, body):
    answer = api(buyer).post(path, body)
    assert (answer.status, answer.code) == (422, "invalid"), answer.body


def test_an_address_below_the_api_that_leads_nowhere_is_answered_in_our_form(client, buyer):
    for path in ("/api/v1/nothing", "/api/v1/orders/not-a-uuid", "/api/v2/orders", "/api/"):
        answer = client.get(path, headers={"Authorization": f"Bearer {buyer.key}"})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found")
    wrong = client.delete("/api/v1/orders")
    assert (wrong.status_code, wrong.get_json()["error"]["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))


def test_a_refusal_has_its_form_also_when_its_words_are_lazy(api, agency, listing):
    answer = api(agency).patch(f"/listings/{listing}", {"state": "draft"})
    assert (answer.status, answer.code, answer["error"]["fields"]) == (Conflict.status, "wrong_state", {})
