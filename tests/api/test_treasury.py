"""What staff's scripts do about payouts, our own money, terms and grades."""

import pytest

from marketplace import catalog
from marketplace.billing import calls
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from tests.factories.payouts import asked, make_payable, make_payable_at_stripe, make_profit
from tests.factories.people import make_person

WHY = {"reason": "Somebody called us."}


@pytest.fixture
def staff(api):
    return api(make_person("staff"))


def dollars(cents):
    return {"amount": cents, "currency": "USD"}


def test_an_account_is_stopped_and_let_go(api, staff):
    agency = make_person("agency")
    make_payable(agency)
    own = f"/payout-accounts/{agency.org_id}"
    held = staff.post(f"{own}/hold", WHY)
    assert (held.status, held["hold"], held["is_held"], held["hold_reason"]) == (200, "by_staff", True, WHY["reason"])
    assert [item["agency_id"] for item in staff.get("/payout-accounts", held_only=True)["items"]] == [
        str(agency.org_id)
    ]
    refused = api(agency).post("/payouts")
    assert (refused.status, refused.code) == (409, "payout_account_held")
    assert staff.post(f"{own}/release", WHY)["hold"] is None
    assert staff.get("/payout-accounts", held_only=True)["items"] == []
    assert staff.get(own)["state"] == "ready"
    assert api(agency).post("/payouts").status == 201


def test_holding_with_one_key_is_one_act(staff):
    agency = make_person("agency")
    make_payable(agency)
    own = f"/payout-accounts/{agency.org_id}"
    staff.post(f"{own}/hold", WHY, idem="one")
    staff.post(f"{own}/release", WHY)
    assert staff.post(f"{own}/hold", WHY, idem="one")["hold"] is None
    other = staff.post(f"{own}/hold", {"reason": "Another reason."}, idem="one")
    assert (other.status, other.code) == (409, "idempotency_conflict")


def test_what_no_bank_has_is_taken_back(staff, gateway):
    payout = asked(make_payable_at_stripe(gateway).who)
    early = staff.post(f"/payouts/{payout}/reversal", WHY)
    assert (early.status, early.code) == (409, "not_reversible")
    calls.perform(call_of("send_payout", payout))
    taken = staff.post(f"/payouts/{payout}/reversal", WHY)
    assert (taken.status, taken["id"], taken["state"]) == (202, str(payout), "sent")
    calls.perform(call_of("take_payout_back", payout))
    line = staff.get(f"/payouts/{payout}")
    assert line["returned"] == line["amount"]
    assert [item["id"] for item in staff.get("/payouts")["items"]] == [str(payout)]


def test_our_own_money_is_swept_once_and_never_what_belongs_to_others(staff, gateway, run_jobs):
    make_profit(gateway, 100_00)
    (usd,) = staff.get("/treasury")["items"]
    assert usd["sweepable"]["amount"] > 10_00
    assert usd["booked"]["amount"] - usd["owed"]["amount"] >= usd["sweepable"]["amount"]
    much = staff.post("/sweeps", {"amount": dollars(5_000_00), **WHY})
    assert (much.status, much.code, set(much["error"]["fields"])) == (422, "sweep_too_large", {"amount"})
    sent = staff.post("/sweeps", {"amount": dollars(10_00), **WHY}, idem="one")
    assert (sent.status, sent["state"], sent["amount"]) == (201, "asked", dollars(10_00))
    again = staff.post("/sweeps", {"amount": dollars(10_00), **WHY})
    assert (again.status, again.code) == (409, "sweep_under_way")
    run_jobs()
    assert staff.post("/sweeps", {"amount": dollars(10_00), **WHY}, idem="one")["id"] == sent["id"]
    (line,) = staff.get("/sweeps")["items"]
    assert (line["id"], line["state"], line["reason"]) == (sent["id"], "sent", WHY["reason"])


def test_terms_are_set_anew_and_their_history_stays(staff):
    new = {"grade": "C", "fee_bp": 1_100, "most_unmatured": 100, "reason": "Stripe costs more."}
    made = staff.post("/grade-terms", new, idem="one")
    assert (made.status, made["number"], made["fee_bp"], made["reserve_bp"]) == (201, 2, 1_100, 1_000)
    assert staff.post("/grade-terms", new, idem="one")["number"] == 2
    same = staff.post("/grade-terms", new)
    assert (same.status, same.code) == (422, "same_terms")
    assert staff.post("/grade-terms", {**new, "most_unmatured": None})["most_unmatured"] is None
    assert [item["number"] for item in staff.get("/grade-terms", grade="C")["items"]] == [3, 2, 1]
    first = staff.get("/grade-terms", limit=4)
    rest = staff.get("/grade-terms", cursor=first["next_cursor"])
    seen = [(item["grade"], item["number"]) for page in (first, rest) for item in page["items"]]
    assert len(set(seen)) == len(seen) == 9
    assert staff.post("/grade-terms", {"grade": "C", "fee_bp": -1, "reason": "Wrong."}).status == 422


def test_an_agency_is_graded_by_hand(staff):
    agency = make_person("agency")
    graded = staff.post(f"/organisations/{agency.org_id}/grade", {"grade": "A", "reason": "Known for years."})
    assert (graded.status, graded["grade"]) == (200, "A")
    with transaction():
        assert catalog.terms_of_agency(agency.org_id).fee_bp == 800
    (event,) = staff.get("/audit", name="organisation.graded")["items"]
    assert event["data"] == {"before": "new", "grade": "A", "reason": "Known for years."}
    assert staff.post(f"/organisations/{agency.org_id}/grade", {"grade": "A"}).status == 422
    buyer = make_person("buyer")
    assert staff.post(f"/organisations/{buyer.org_id}/grade", {"grade": "A", **WHY}).status == 404


def test_only_staff_with_the_power_do_any_of_it(api, app):
    agency = make_person("agency")
    make_payable(agency)
    payout = asked(agency.who)
    acts = [
        (f"/payout-accounts/{agency.org_id}/hold", WHY),
        (f"/payout-accounts/{agency.org_id}/release", WHY),
        (f"/payouts/{payout}/reversal", WHY),
        ("/sweeps", {"amount": dollars(10_00), **WHY}),
        ("/grade-terms", {"grade": "A", "fee_bp": 0, **WHY}),
        (f"/organisations/{agency.org_id}/grade", {"grade": "A", **WHY}),
    ]
    reads = ["/payout-accounts", f"/payout-accounts/{agency.org_id}", "/treasury", "/sweeps", "/grade-terms"]
    reader = api(make_person("staff", scopes=["ledger:read"]))
    for who in (api(agency), api(make_person("buyer")), reader):
        assert {who.post(path, body).code for path, body in acts} == {"missing_scope"}
    assert {reader.get(path).status for path in reads} == {200}
    assert {api(agency).get(path).status for path in reads} == {403}
