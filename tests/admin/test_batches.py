"""A proven filler who was paid: two members of staff take back everything that came the same way, once, to the cent."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.disputes import batches
from marketplace.disputes.batches import rules
from marketplace.disputes.findings import trust_of
from marketplace.disputes.jobs import NOBODY, void_batches
from marketplace.insights import run_checks
from marketplace.insights.measured.decisions import decisions_since
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from marketplace.orders import OrderState
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import joined_once, make_person
from tests.factories.story import buy, put_on_sale

WHY = "She was paid one dollar a form, and says so on the recording."


@pytest.fixture
def buyers(app):
    people = [make_person("buyer") for _ in range(2)]
    for person in people:
        fund(person.who, 200_00)
    return people


@pytest.fixture
def staff(app):
    return [make_person("staff") for _ in range(3)]


@pytest.fixture(autouse=True)
def books_hold(app):
    yield
    session().rollback()
    assert [finding for finding in run_checks() if not finding.holds] == []


@pytest.fixture
def scene(api, agency, buyers, staff, later):
    """Six leads of one sub-ID: paid out, proven, held, disputed, unsold; and one of another sub-ID, held."""
    price = {"amount": 40_00, "currency": "USD"}
    leads = put_on_sale(
        api(agency), *[make_lead(sub_id="gc-514") for _ in range(5)], make_lead(sub_id="clean"), price=price
    )
    first, second = (api(person) for person in buyers)
    orders = {"paid": buy(first, leads[0], 40_00)}
    later(days=5)
    orders["proven"] = buy(first, leads[1], 40_00)
    case = say_hired(first, orders["proven"])
    decide(api(staff[0]), case, 100)
    later(hours=73)
    for name, buyer, lead in zip(("held", "disputed", "clean"), (first, second, second),
                                 (leads[2], leads[3], leads[5]), strict=True):  # fmt: skip
        orders[name] = buy(buyer, lead, 40_00)
    second.post(f"/orders/{orders['disputed']}/disputes", {"reason": "bot", "statement": "It was a program."})
    return case, orders, leads[4]


def say_hired(buyer, order):
    return buyer.post(f"/orders/{order}/disputes", {"reason": "hired", "statement": "She was paid for it."})["id"]


def decide(staff, case, percent):
    outcome = "upheld" if percent == 100 else "partly_upheld"
    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "The recording says so."}
    assert staff.post(f"/disputes/{case}/decisions", verdict).status == 201


def appeal(agency, case):
    assert agency.post(f"/disputes/{case}/appeals", {"statement": "This one asked for it."}).status == 201


def rule(staff, case, percent):
    ruling = {"refund_percent": percent, "reasoning": "This one was not paid."}
    return staff.post(f"/disputes/{case}/appeals/agency/decisions", ruling)


def propose(staff, case):
    return staff.post(f"/disputes/{case}/batches", {"kind": "sub_id", "reason": WHY})


def case_of(agency, order):
    """The newest dispute of an order."""
    return next(each["id"] for each in agency.get("/disputes")["items"] if each["order_id"] == order)


def states(api, buyers, orders):
    found = {}
    for name, order in orders.items():
        answers = [api(person).get(f"/orders/{order}") for person in buyers]
        found[name] = next(each["state"] for each in answers if each.status == 200)
    return found


def test_a_batch_is_void_after_two_persons_and_a_crash_in_the_middle_changes_nothing(
    api, agency, buyers, staff, scene, visit, run_jobs, mail
):
    case, orders, unsold = scene
    proposer = visit(staff[1])
    assert "Void everything that came the same way" in proposer.get(f"/admin/disputes/{case}").words
    assert (
        "All leads of the same sub-ID on the same day gc-514 · 5 leads"
        in proposer.get(f"/admin/disputes/{case}/batch").words
    )
    shown = proposer.follow(proposer.post(f"/admin/disputes/{case}/batch", kind="sub_id", reason=WHY))
    for words in ("Leads 5", "Still on sale 1", "$80.00 of 2 orders", "$40.00 of 1 order", "4 orders"):
        assert words in shown.words, words
    (batch,) = api(staff[1]).get("/batches")["items"]
    address = f"/batches/{batch['id']}"
    assert "You proposed it: someone else must approve it." in shown.words
    assert "Batches 1" in visit(staff[2]).get("/admin/disputes").words
    own = api(staff[1]).post(f"{address}/approval")
    assert (own.status, own.code) == (403, "own_batch")
    assert states(api, buyers, orders)["held"] == "held"
    assert "under way" in (second := visit(staff[2])).follow(second.post(f"/admin{address}/approval")).words
    # one chunk, and the worker dies; what is left goes on from there
    with transaction(), db.engine.connect() as beside:
        (batch_id,) = batches.running()
        beside.execute(text("SELECT 1 FROM leads FOR KEY SHARE"))  # who writes about leads is not waited for
        assert batches.take_off_sale(batch_id)
    with transaction():
        batches.void_one(batch_id, batches.left_after(batch_id, NOBODY)[0])
        batches.end(batch_id)
    assert api(buyers[0]).get(f"/catalog/leads/{unsold}").status == 404
    run_jobs()
    assert states(api, buyers, orders) == {
        "paid": "released", "proven": "refunded", "held": "refunded", "disputed": "refunded", "clean": "held",
    }  # fmt: skip
    assert [api(person).get("/wallet")["available"] for person in buyers] == [160_00, 160_00]
    done = api(staff[0]).get(address)
    assert (done["state"], done["orders"], done["back"]) == ("done", 4, [])
    page = proposer.get(f"/admin{address}").words
    assert ("What it took back" in page, "Went back $80.00 of 2 orders" in page, "Back at once" in page) == (
        True, True, False,
    )  # fmt: skip
    (claw_back,) = api(staff[0]).get("/proposals")["items"]
    assert (claw_back["kind"], claw_back["amount"]["amount"]) == ("claw_back", 40_00)
    told = [letter.to for letter in mail.letters if letter.subject == "Money of a batch of paid fillers went back"]
    assert sorted(told) == sorted([agency.email, *(person.email for person in buyers)])
    newest = api(buyers[0]).get("/disputes")["items"][0]
    assert (newest["reason"], newest["state"], newest["refund_percent"]) == ("hired", "upheld", 100)
    assert newest["reasoning"].startswith("Rule hired_batch: a person of this batch was proven")
    assert newest["reasoning"].endswith(WHY)
    with transaction():
        kept = session().execute(text("SELECT statement, reasoning FROM disputes WHERE said_for_buyer")).first()
        reason = session().scalar(text("SELECT reason FROM proposals"))
    assert (kept, reason) == (("", WHY), f"hired_batch: {WHY}"), "our words are not kept in one language"
    assert newest["statement"].startswith("Said by our staff")
    again = api(staff[2]).post(f"{address}/approval")
    assert (again.status, again["state"]) == (201, "done")
    with transaction():  # what we said for a buyer is not its own word
        trust = trust_of(buyers[0].who.org_id)
        ways = {way["by"]: way["upheld"]["count"] for way in decisions_since(clock.now() - timedelta(days=30))["ways"]}
    assert (trust.upheld, trust.decided, ways["person"]) == (1, 1, 2)


def test_the_agency_appeals_and_nobody_with_a_hand_in_it_decides(api, agency, buyers, staff, scene, run_jobs):
    case, orders, _unsold = scene
    batch = api(staff[1]).post(f"/disputes/{case}/batches", {"kind": "sub_id", "reason": WHY})
    assert api(staff[2]).post(f"/batches/{batch['id']}/approval").status == 201
    run_jobs()
    voided = next(each for each in api(agency).get("/disputes")["items"] if each["order_id"] == orders["held"])
    assert api(agency).post(f"/disputes/{voided['id']}/appeals", {"statement": "This one asked for it."}).status == 201
    ruling = {"refund_percent": 0, "reasoning": "This one was not paid."}
    answers = [api(person).post(f"/disputes/{voided['id']}/appeals/agency/decisions", ruling) for person in staff[1:]]
    assert [each.code for each in answers] == ["own_decision", "own_decision"]
    assert api(staff[0]).post(f"/disputes/{voided['id']}/appeals/agency/decisions", ruling).status == 201


def test_what_is_not_proven_or_not_ones_own_to_judge_is_refused(api, agency, buyers, staff, scene, visit):
    case, orders, _unsold = scene
    body = {"kind": "sub_id", "reason": WHY}
    assert api(staff[0]).post(f"/disputes/{case}/batches", {**body, "kind": "campaign"}).code == "no_such_batch"
    other = next(each["id"] for each in api(buyers[1]).get("/disputes")["items"])
    assert api(staff[0]).post(f"/disputes/{other}/batches", body).code == "not_proven"
    assert api(buyers[0]).post(f"/disputes/{case}/batches", body).status == 403
    joined_once(staff[0], agency)
    tied = api(staff[0]).post(f"/disputes/{case}/batches", body)
    assert (tied.status, tied.code) == (403, "own_case")
    made = api(staff[1]).post(f"/disputes/{case}/batches", body)
    assert api(staff[2]).post(f"/disputes/{case}/batches", body).code == "batch_open"
    assert api(staff[0]).post(f"/batches/{made['id']}/approval").code == "own_case"
    page = visit(staff[2]).post(f"/admin/batches/{made['id']}/refusal", reason="No")
    assert (page.status, page.value_of("reason")) == (422, "No")
    refused = api(staff[2]).post(f"/batches/{made['id']}/refusal", {"reason": "One is not a batch."})
    assert refused["state"] == "refused"
    assert states(api, buyers, orders)["held"] == "held"


def test_one_that_breaks_stops_no_other_and_an_approver_who_left_is_told_of(api, buyers, staff, scene, visit):
    case, orders, _unsold = scene
    address = f"/batches/{propose(api(staff[1]), case)['id']}"
    assert api(staff[2]).post(f"{address}/approval").status == 201
    broken = "ALTER TABLE disputes ADD CONSTRAINT broken CHECK (order_id <> '{}') NOT VALID"
    with transaction():
        session().execute(text("DELETE FROM memberships WHERE user_id = :user"), {"user": staff[2].who.user_id})
        session().execute(text(broken.format(orders["held"])))
    try:
        with pytest.raises(IntegrityError):
            void_batches()
    finally:
        session().rollback()
        with transaction():
            session().execute(text("ALTER TABLE disputes DROP CONSTRAINT broken"))
    assert api(staff[0]).get(address)["state"] == "running"
    assert (states(api, buyers, orders)["held"], states(api, buyers, orders)["disputed"]) == ("held", "refunded")
    void_batches()
    assert api(staff[0]).get(address)["state"] == "done"
    assert states(api, buyers, orders)["held"] == "refunded"
    assert api(staff[0]).get("/proposals")["items"] == []
    assert "left to staff" in visit(staff[0]).get(f"/admin{address}").words
    with transaction():
        left = session().scalars(text("SELECT why FROM batch_orders WHERE result = 'left' ORDER BY why")).all()
    assert left == ["approver_left", "nothing_left"]


def test_a_batch_rests_only_on_a_proof_that_stands(api, agency, buyers, staff, later, run_jobs, visit):
    price = {"amount": 40_00, "currency": "USD"}
    leads = put_on_sale(api(agency), *[make_lead(sub_id=name) for name in ("a", "a", "b", "c")], price=price)
    orders = [buy(api(buyers[0]), lead, 40_00) for lead in leads]
    cases = [say_hired(api(buyers[0]), orders[number]) for number in (0, 2, 3)]
    for case in cases[:2]:
        decide(api(staff[0]), case, 100)
    first, second = (propose(api(staff[1]), case) for case in cases[:2])
    early = api(staff[2]).post(f"/batches/{first['id']}/approval")
    assert (early.status, early.code) == (409, "proof_not_final")
    page = visit(staff[2]).get(f"/admin/batches/{first['id']}").words
    assert ("It can be approved from" in page, "Take all of it back" in page) == (True, False)
    appeal(api(agency), cases[1])
    assert propose(api(staff[2]), cases[1]).code == "not_proven", "its appeal is open"
    assert rule(api(staff[2]), cases[1], 0).status == 201
    later(hours=73)
    overturned = api(staff[2]).post(f"/batches/{second['id']}/approval")
    assert (overturned.status, overturned.code) == (409, "not_proven")
    assert api(buyers[0]).get(f"/disputes/{cases[2]}")["state"] == "upheld"
    assert propose(api(staff[1]), cases[2]).code == "not_proven", "silence proves nothing"
    assert api(staff[2]).post(f"/batches/{first['id']}/approval").status == 201
    run_jobs()
    voided = case_of(api(agency), orders[1])
    assert api(agency).get(f"/disputes/{voided}")["state"] == "upheld"
    assert propose(api(staff[1]), voided).code == "not_proven", "what was taken back with a batch proves nothing"


def test_nothing_is_paid_twice_and_what_was_decided_before_stands(api, agency, buyers, staff, later, run_jobs):
    buyer, seller, price = api(buyers[0]), api(agency), {"amount": 40_00, "currency": "USD"}
    leads = put_on_sale(seller, *[make_lead(sub_id="a") for _ in range(4)], price=price)
    proven, half, won, young = (buy(buyer, lead, 40_00) for lead in leads)
    cases = {order: say_hired(buyer, order) for order in (proven, half, won, young)}
    seller.post(f"/disputes/{cases[young]}/answers", {"statement": "It was a person."})
    decide(api(staff[0]), cases[proven], 100)
    decide(api(staff[0]), cases[half], 50)
    decide(api(staff[0]), cases[won], 50)
    appeal(seller, cases[won])
    later(hours=73)
    assert rule(api(staff[1]), cases[won], 0)["appeals"][0]["amount_cents"] == 18_00
    decide(api(staff[0]), cases[young], 50)
    batch = propose(api(staff[1]), cases[proven])
    assert api(staff[2]).post(f"/batches/{batch['id']}/approval").status == 201
    run_jobs()
    found = [buyer.get(f"/orders/{order}")["state"] for order in (proven, half, won, young)]
    assert found == ["refunded", "refunded", "refunded", "partly_refunded"], "the youngest can still be appealed"
    for order in (half, won):
        appeal(seller, case := case_of(seller, order))
        assert case != cases[order]
        ruled = rule(api(staff[0]), case, 0)
        assert ruled["appeals"][0]["amount_cents"] == 18_00, "the half that was not decided or not paid before"


@pytest.mark.parametrize(
    ("state", "is_per_sale", "fate"),
    [
        ("held", False, "back"), ("held", True, None), ("acquired", True, "back"), ("disputed", True, "back"),
        ("released", False, "claw_back"), ("released", True, None), ("refunded", False, None),
    ],
)  # fmt: skip
def test_what_becomes_of_money(state, is_per_sale, fate):
    assert rules.fate_of(OrderState(state), is_per_sale=is_per_sale) == fate
