"""A proven filler who was paid: two members of staff take back everything that came the same way, once, to the cent."""

import pytest

from marketplace.disputes import batches
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.people import actions as people
from marketplace.people.models import Role
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale

WHY = "She was paid one dollar a form, and says so on the recording."


@pytest.fixture
def agency(app):
    return make_person("agency")


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
    later(days=8)
    for name, buyer, lead in zip(("proven", "held", "disputed", "clean"), (first, first, second, second),
                                 (leads[1], leads[2], leads[3], leads[5]), strict=True):  # fmt: skip
        orders[name] = buy(buyer, lead, 40_00)
    said = {"reason": "hired", "statement": "She says that she was paid for it."}
    case = first.post(f"/orders/{orders['proven']}/disputes", said)["id"]
    second.post(f"/orders/{orders['disputed']}/disputes", {"reason": "bot", "statement": "It was a program."})
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "The recording says so."}
    assert api(staff[0]).post(f"/disputes/{case}/decisions", verdict).status == 201
    return case, orders, leads[4]


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
    assert "All leads of the same sub-ID on the same day: gc-514" in proposer.get(f"/admin/disputes/{case}/batch").words
    shown = proposer.follow(proposer.post(f"/admin/disputes/{case}/batch", kind="sub_id", reason=WHY))
    for words in ("Leads 5", "Still on sale 1", "$80.00 of 2 orders", "$40.00 of 1 order", "4 orders"):
        assert words in shown.words, words
    (batch,) = api(staff[1]).get("/batches")["items"]
    address = f"/batches/{batch['id']}"
    own = api(staff[1]).post(f"{address}/approval")
    assert (own.status, own.code) == (403, "own_batch")
    assert states(api, buyers, orders)["held"] == "held"
    assert "under way" in (second := visit(staff[2])).follow(second.post(f"/admin{address}/approval")).words
    # one chunk, and the worker dies; what is left goes on from there
    with transaction():
        assert batches.void_some(batches.running()[0])
    assert api(buyers[0]).get(f"/catalog/leads/{unsold}").status == 404
    run_jobs()
    assert states(api, buyers, orders) == {
        "paid": "released", "proven": "refunded", "held": "refunded", "disputed": "refunded", "clean": "held",
    }  # fmt: skip
    assert [api(person).get("/wallet")["available"] for person in buyers] == [160_00, 160_00]
    done = api(staff[0]).get(address)
    assert (done["state"], done["orders"], done["back"]) == ("done", 4, [])
    (claw_back,) = api(staff[0]).get("/proposals")["items"]
    assert (claw_back["kind"], claw_back["amount"]["amount"]) == ("claw_back", 40_00)
    told = [letter.to for letter in mail.letters if letter.subject == "Money of a batch of paid fillers went back"]
    assert sorted(told) == sorted([agency.email, *(person.email for person in buyers)])
    newest = api(buyers[0]).get("/disputes")["items"][0]
    assert (newest["reason"], newest["state"], newest["refund_percent"]) == ("hired", "upheld", 100)
    assert "Rule hired_batch" in newest["reasoning"]
    again = api(staff[2]).post(f"{address}/approval")
    assert (again.status, again["state"]) == (201, "done")


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


def test_what_is_not_proven_or_not_ones_own_to_judge_is_refused(api, agency, buyers, staff, scene):
    case, orders, _unsold = scene
    body = {"kind": "sub_id", "reason": WHY}
    assert api(staff[0]).post(f"/disputes/{case}/batches", {**body, "kind": "campaign"}).code == "no_such_batch"
    other = next(each["id"] for each in api(buyers[1]).get("/disputes")["items"])
    assert api(staff[0]).post(f"/disputes/{other}/batches", body).code == "not_proven"
    assert api(buyers[0]).post(f"/disputes/{case}/batches", body).status == 403
    with transaction():
        people.invite(agency.who, staff[0].email, Role.MEMBER)
    tied = api(staff[0]).post(f"/disputes/{case}/batches", body)
    assert (tied.status, tied.code) == (403, "own_case")
    made = api(staff[1]).post(f"/disputes/{case}/batches", body)
    assert api(staff[2]).post(f"/disputes/{case}/batches", body).code == "batch_open"
    assert api(staff[0]).post(f"/batches/{made['id']}/approval").code == "own_case"
    refused = api(staff[2]).post(f"/batches/{made['id']}/refusal", {"reason": "One is not a batch."})
    assert refused["state"] == "refused"
    assert states(api, buyers, orders)["held"] == "held"
