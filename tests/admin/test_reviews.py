"""Second looks: drawn by lot, made without the first decision, by somebody else, and no money moves."""

from uuid import UUID

import pytest

from marketplace.disputes import reviews
from marketplace.disputes.reviews.rules import is_drawn
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.people import actions as people
from marketplace.people.models import Role
from tests.factories.money import fund
from tests.factories.people import joined_once, make_person
from tests.factories.story import open_dispute, sold


@pytest.fixture
def staff(app):
    return [make_person("staff") for _ in range(2)]


@pytest.fixture
def parties(app):
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 200_00)
    return agency, buyer


@pytest.fixture
def decided(api, parties, staff):
    """A dispute over 40.00 that the first of staff has rejected, and on which the lot fell."""
    agency, buyer = parties
    case = open_dispute(api(buyer), sold(api(agency), api(buyer), 40_00))
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "Nothing shows a program."}
    assert api(staff[0]).post(f"/disputes/{case}/decisions", verdict).status == 201
    with transaction():
        row = reviews.BlindReview(
            dispute_id=UUID(case), first_by=staff[0].who.user_id, first_percent=0, drawn_at=clock.now()
        )
        session().add(row)
    return case


def test_a_second_look_sees_the_case_and_not_the_decision_and_moves_no_money(
    api, parties, staff, decided, visit, run_jobs
):
    first, second = (visit(person) for person in staff)
    address = f"/admin/reviews/{decided}"
    assert "Nothing is waiting for you." in first.get("/admin/reviews").words
    assert "Second looks 1" in second.get("/admin/disputes").words
    shown = second.get(address).words
    assert "It was a program." in shown
    for told in ("Nothing shows a program.", "rejected", "Rejected", "$0.00"):
        assert told not in shown
    own = first.post(address, percent="0", reasoning="As I said.")
    assert own.status == 403
    assert second.post(address, percent="100", reasoning="no").status == 422
    assert "No money moves" in second.follow(second.post(address, percent="100", reasoning="It was one.")).words
    figures = second.get("/admin/reviews").words
    assert "A person and a second look 1 cases same decision 0 %" in figures
    assert "decided Nothing then All back It was one." in figures
    assert api(parties[1]).get("/wallet")["available"] == 160_00
    assert api(parties[1]).get(f"/disputes/{decided}")["state"] == "rejected"
    assert second.get(address).status == 404, "once"
    run_jobs()


def test_the_same_by_api_blind_once_and_never_one_s_own(api, parties, staff, decided, run_jobs):
    first, second = (api(person) for person in staff)
    address = f"/reviews/{decided}"
    assert first.get("/reviews")["items"] == []
    assert first.get(address).code == first.post(f"{address}/answers", {"percent": 0, "reasoning": "As I said."}).code
    assert first.get(address).code == "own_decision"
    (line,) = second.get("/reviews")["items"]
    case = second.get(address)
    assert (line["dispute_id"], case["statement"], case["percents"]) == (decided, "It was a program.", [0, 25, 50, 100])
    for told in ("Nothing shows a program.", "rejected", "refund_percent", "p_fake", "rules"):
        assert told not in str(case.body) + str(line)
    assert second.post(f"{address}/answers", {"percent": 30, "reasoning": "A third."}).status == 422
    key = {"idem": "once"}
    answers = [second.post(f"{address}/answers", {"percent": 100, "reasoning": "It was one."}, **key) for _ in range(2)]
    assert [each.status for each in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert second.post(f"{address}/answers", {"percent": 0, "reasoning": "Or not."}).status == 409
    assert second.get(address).status == 404
    assert api(parties[0]).get("/reviews").status == api(parties[1]).get("/reviews").status == 403
    assert api(parties[1]).get("/wallet")["available"] == 160_00
    run_jobs()


def test_a_party_keeps_nobody_from_looking_by_inviting_them(parties, staff, decided, visit):
    with transaction():
        people.invite(parties[0].who, staff[1].email, Role.MEMBER)
    taken = visit(staff[1]).post(f"/admin/reviews/{decided}", percent="0", reasoning="They are right.")
    assert taken.status == 303


def test_who_once_belonged_to_a_party_does_not_look(parties, staff, decided, visit):
    joined_once(staff[1], parties[0])
    refused = visit(staff[1]).post(f"/admin/reviews/{decided}", percent="0", reasoning="They are right.")
    assert refused.status == 403
    assert "belong or belonged to a party" in refused.words


def test_one_in_ten_is_drawn():
    drawn = sum(is_drawn(number.to_bytes(4) + b"rest") for number in range(10_000))
    assert drawn == 1_000


def test_a_decision_of_staff_is_drawn_once_or_not_at_all(decided):
    with transaction():
        was_drawn = reviews.draw(UUID(decided))
    with transaction():
        assert reviews.draw(UUID(decided)) is was_drawn


def test_a_file_of_an_appeal_does_not_tell_a_second_look_who_lost(api, parties, staff, visit):
    agency, buyer = parties
    case = open_dispute(api(buyer), sold(api(agency), api(buyer), 40_00))
    files = {
        name: [{"name": f"{name}.txt", "content": content}] for name, content in (("calls", "YQ=="), ("log", "Yg=="))
    }
    assert api(agency).post(f"/disputes/{case}/evidence", {"evidence": files["calls"]}).status == 201
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "It was one."}
    assert api(staff[0]).post(f"/disputes/{case}/decisions", verdict).status == 201
    appeal = {"statement": "It was a person.", "evidence": files["log"]}
    assert api(agency).post(f"/disputes/{case}/appeals", appeal).status == 201
    with transaction():
        drawn = {"first_by": staff[0].who.user_id, "first_percent": 100, "drawn_at": clock.now()}
        session().add(reviews.BlindReview(dispute_id=UUID(case), **drawn))
    assert [each["name"] for each in api(staff[1]).get(f"/reviews/{case}")["evidence"]] == ["calls.txt"]
    shown = visit(staff[1]).get(f"/admin/reviews/{case}").words
    assert ("calls.txt" in shown, "log.txt" in shown) == (True, False)
