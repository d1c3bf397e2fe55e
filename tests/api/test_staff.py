"""What staff see: organisations, the audit log, the books, and whether everything holds."""

import pytest

from marketplace.insights import check_books, run_counts
from tests.factories.chain import tamper
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, put_on_sale, sold


@pytest.fixture
def staff(api):
    return api(make_person("staff"))


@pytest.fixture
def order(api):
    person = make_person("buyer")
    fund(person.who, 10_000)
    (lead_id,) = put_on_sale(api(make_person("agency")))
    return buy(api(person), lead_id)


def test_the_audit_log_tells_who_did_what_and_which_way(staff, order):
    (event,) = staff.get("/audit", subject_id=order)["items"]
    assert (event["name"], event["via"], event["data"]["price_cents"]) == ("order.placed", "api", 2_500)
    assert len(event["org_ids"]) == 2
    by_org = staff.get("/audit", org_id=event["org_ids"][0], name="order.placed")
    assert [item["id"] for item in by_org["items"]] == [event["id"]]


def test_the_audit_log_is_walked_by_its_numbers(staff, order):
    first = staff.get("/audit", limit=3)
    second = staff.get("/audit", limit=3, cursor=first["next_cursor"])
    numbers = [item["seq"] for page in (first, second) for item in page["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 6


def test_the_books_show_every_posting_with_its_account(staff, order):
    (entry,) = staff.get("/ledger/entries", reference_id=order, kind="hold")["items"]
    assert entry["key"] == f"order:{order}:hold"
    moved = {posting["account"]: (posting["amount"], posting["balance_after"]) for posting in entry["postings"]}
    assert moved == {"wallet_cash": (2_500, 7_500), "held": (-2_500, 2_500)}
    first = staff.get("/ledger/entries", limit=1)
    second = staff.get("/ledger/entries", limit=1, cursor=first["next_cursor"])
    assert [first["items"][0]["kind"], second["items"][0]["kind"]] == ["hold", "charge_settle"]


def test_health_names_every_invariant(staff, order):
    health = staff.get("/health/invariants")
    assert health["ok"] is True
    codes = {item["code"] for item in health["items"]}
    assert {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I11", "I12", "I13", "I16"} <= codes
    assert all(item["holds"] and item["rows"] == [] for item in health["items"])


def test_health_is_what_the_newest_run_found_until_a_new_one_is_asked_for(staff, order, run_jobs, clock):
    check_books()
    first = staff.get("/health/invariants")
    clock.advance(hours=1)
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    assert staff.get("/health/invariants").body == first.body
    asked = staff.post("/health/invariants", idem="one")
    assert (asked.status, asked.body) == (202, first.body)
    assert staff.post("/health/invariants", idem="one").status == 202
    run_jobs()
    second = staff.get("/health/invariants")
    assert (second["ok"], second["at"] > first["at"]) == (False, True)
    (broken,) = (item for item in second["items"] if not item["holds"])
    assert (broken["code"], broken["rows"][0]["kind"]) == ("I3", "wallet_cash")
    assert [item["code"] for item in second["items"]] == [item["code"] for item in first["items"]]
    assert run_counts()[0] == 2


def test_a_check_is_asked_for_by_staff_and_not_all_the_time(api, staff, order):
    assert {staff.post("/health/invariants").status for _time in range(12)} == {202}
    refused = staff.post("/health/invariants")
    assert (refused.status, refused.code) == (429, "rate_limited")
    stranger = api(make_person("buyer")).post("/health/invariants")
    assert (stranger.status, stranger.code) == (403, "missing_scope")


def test_organisations_are_found_and_verified_once(api, staff):
    agency = make_person("agency", is_verified=False)
    name = agency.who.org_name
    (found,) = staff.get("/organisations", name=name[2:].upper(), kind="agency")["items"]
    assert (found["id"], found["verified_at"]) == (str(agency.org_id), None)
    first = staff.post(f"/organisations/{agency.org_id}/verification")
    assert first.status == 200
    assert staff.post(f"/organisations/{agency.org_id}/verification")["verified_at"] == first["verified_at"]
    assert staff.post("/organisations/01900000-0000-7000-8000-000000000000/verification").status == 404
    refused = api(agency).post(f"/organisations/{agency.org_id}/verification")
    assert (refused.status, refused.code) == (403, "missing_scope")


def test_staff_decide_no_case_of_their_own_and_only_what_the_rules_allow(api, staff):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 10_000)
    dispute = open_dispute(api(buyer), sold(api(agency), api(buyer)))
    assert staff.get("/disputes", state="open")["items"][0]["id"] == dispute
    verdict = {"outcome": "upheld", "refund_percent": 50, "reasoning": "Half of it."}
    wrong = staff.post(f"/disputes/{dispute}/decisions", verdict)
    assert (wrong.status, wrong.code) == (422, "wrong_refund")
    for outsider in (agency, buyer):
        refused = api(outsider).post(f"/disputes/{dispute}/decisions", {**verdict, "refund_percent": 100})
        assert (refused.status, refused.code) == (403, "missing_scope")
    early = staff.post(f"/disputes/{dispute}/decisions", {**verdict, "refund_percent": 100, "early_reason": "Plain."})
    assert (early.status, early["early_reason"], early["outcome"]) == (201, "Plain.", "upheld")
    closed = api(agency).post(f"/disputes/{dispute}/answers", {"statement": "Too late, then."})
    assert (closed.status, closed.code) == (409, "dispute_closed")


def test_an_answer_says_something_or_concedes(api):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 10_000)
    dispute = open_dispute(api(buyer), sold(api(agency), api(buyer)))
    empty = api(agency).post(f"/disputes/{dispute}/answers", {})
    assert (empty.status, set(empty["error"]["fields"])) == (422, {"statement"})
    assert api(buyer).post(f"/disputes/{dispute}/answers", {"statement": "Me too."}).status == 403
    conceded = api(agency).post(f"/disputes/{dispute}/answers", {"concede": True})
    assert (conceded["state"], conceded["outcome"], conceded["refund_percent"]) == ("conceded", "conceded", 100)
    assert api(buyer).get("/wallet")["available"] == 10_000
