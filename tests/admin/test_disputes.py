import re

import pytest
from sqlalchemy import text

from marketplace.events import SYSTEM
from marketplace.kit.db import session, transaction
from marketplace.people.actions.rows import add_member
from tests.factories.people import make_person

OVERLOOKED = "The decision overlooks what the network said."
SECRETS = ("Maria", "Sandoval", "gmail.com", "+1212", "78701")


def available(buyer, api):
    return api(buyer).get("/wallet")["available"]


def decide(staff, case, decision, reasoning="The facts decide.", **more):
    return staff.post(f"{case}/decision", decision=decision, reasoning=reasoning, **more)


def test_nothing_waits_at_first(staff):
    assert "Nothing waits" in staff.get("/admin/disputes").words


def test_a_case_shows_both_sides_the_checks_the_money_and_no_contact(staff, dispute, agency, buyer, api):
    case = dispute()
    answer = {"statement": "It rang when we called."}
    api(agency).post(f"{case.removeprefix('/admin')}/answers", answer)
    page = staff.get(case)
    for shown in (
        "The network says that there is no such number.",
        "It rang when we called.",
        "Buyer",
        "Agency",
        "Exists in its country’s plan. Nobody has called it.",
        "$100.00",
        "Uphold $100.00",
        "Half $50.00",
        "Quarter $25.00",
        "Reject $0.00",
        "When you called, and what the network said.",
    ):
        assert shown in page.words, shown
    assert not [secret for secret in SECRETS if secret in page.words]
    assert [letter for letter in "uhqr" if f'data-key="{letter}"' in page.text] == list("uhqr")
    assert "btn-primary" not in page.text


@pytest.mark.parametrize(("decision", "back"), [("full", 10_000), ("half", 5_000), ("quarter", 2_500), ("none", 0)])
def test_each_decision_moves_exactly_its_part(staff, dispute, buyer, api, half_a_minute, decision, back):
    case = dispute()
    decided = staff.follow(decide(staff, case, decision))
    assert "Decided. Both sides will be told in half a minute." in decided.words
    assert available(buyer, api) == 40_000
    half_a_minute()
    assert available(buyer, api) == 40_000 + back
    assert "The facts decide." in staff.get(case).words
    assert decide(staff, case, decision).status == 409
    assert available(buyer, api) == 40_000 + back


def test_for_half_a_minute_whoever_decided_can_take_it_back(staff, dispute, visit, buyer, api, half_a_minute):
    case, other = dispute(), visit(make_person("staff"))
    page = staff.follow(decide(staff, case, "full", "Struck by mistake."))
    assert f'action="{case}/decision/undo"' in page.text
    assert "100 percent go back. Struck by mistake." in other.get(case).words
    assert "Undo" not in other.get(case).words
    assert decide(other, case, "none").status == 409
    assert "Nothing waits" in other.get("/admin/disputes?state=waiting").words
    assert "no decision of yours is waiting" in other.follow(other.post(f"{case}/decision/undo")).words
    back = staff.follow(staff.post(f"{case}/decision/undo"))
    assert "nobody was notified" in back.words
    assert back.value_of("reasoning") == "Struck by mistake."
    assert "Struck by mistake." not in other.get(case).words
    half_a_minute()
    assert available(buyer, api) == 40_000
    assert decide(other, case, "none").status == 303
    half_a_minute()
    half_a_minute()
    assert api(buyer).get(case.removeprefix("/admin"))["state"] == "rejected"
    assert "no decision of yours is waiting" in staff.follow(staff.post(f"{case}/decision/undo")).words
    assert "It is too late" in other.follow(other.post(f"{case}/decision/undo")).words
    assert staff.post(f"{case.replace(case[-4:], '0000')}/decision/undo").status == 404


def test_what_ends_a_case_meanwhile_or_who_leaves_staff_lets_nothing_fall(dispute, visit, buyer, api, half_a_minute):
    first, second, person = dispute(), dispute("bot"), make_person("staff")
    decide(visit(person), first, "full")
    assert api(buyer).post(f"{first.removeprefix('/admin')}/withdrawal").status == 200
    half_a_minute()
    assert api(buyer).get(first.removeprefix("/admin"))["state"] == "withdrawn"
    decide(visit(person), second, "full")
    with transaction():
        session().execute(text("DELETE FROM memberships WHERE user_id = :user"), {"user": person.who.user_id})
    half_a_minute()
    assert available(buyer, api) == 30_000
    assert "Waiting 1" in visit(make_person("staff")).get("/admin/disputes").words


def test_the_next_case_follows(staff, dispute, half_a_minute):
    first, second = dispute(), dispute("bot")
    assert re.search(rf'href="{second}"[^>]*data-key="s"', staff.get(first).text)
    assert decide(staff, first, "none").location == second
    assert decide(staff, second, "full").location == "/admin/disputes?state=waiting"
    half_a_minute()
    assert "Ended 2" in staff.get("/admin/disputes").words
    assert "Filled in by a program" in staff.get("/admin/disputes?state=ended").words


def test_why_before_an_answer_is_kept(staff, dispute, half_a_minute):
    case = dispute()
    assert "Why before the agency answered" in staff.get(case).words
    decide(staff, case, "full", early_reason="The number is not in the plan.")
    half_a_minute()
    assert "The number is not in the plan." in staff.get(case).words


@pytest.mark.parametrize("form", [{"decision": "full"}, {"decision": "all", "reasoning": "Because so."}, {}])
def test_a_decision_needs_a_button_and_a_reason(staff, dispute, buyer, api, form):
    case = dispute()
    page = staff.post(f"{case}/decision", **{"reasoning": "no", **form})
    assert page.status == 422
    assert available(buyer, api) == 40_000


def test_nobody_decides_a_case_of_their_own_side(dispute, agency, buyer, visit, api):
    case, person = dispute(), make_person("staff")
    with transaction():
        add_member(person.who.user_id, agency.org_id, "member", SYSTEM)
    refused = decide(visit(person), case, "none")
    assert refused.status == 403
    assert "Someone else must decide it" in refused.words
    assert "Reason, both sides read it" in refused.words


def test_every_page_of_staff_needs_its_power(dispute, agency, buyer, visit):
    case = dispute()
    for person in (agency, buyer):
        reader = visit(person)
        assert [reader.get(path).status for path in ("/admin/disputes", case)] == [404, 404]
        assert decide(reader, case, "full").status == 404
    finance = visit(make_person("staff", role="finance"))
    assert finance.get(case).status == 403
    assert decide(finance, case, "full").status == 403
    assert visit().get("/admin/disputes").location.startswith("/sign-in")


def test_on_the_pages_an_appeal_is_asked_for_answered_and_decided(
    api, visit, dispute, agency, buyer, run_jobs, mail, half_a_minute
):
    first, second, desk_case = make_person("staff"), make_person("staff"), dispute()
    assert decide(visit(first), desk_case, "full").status == 303
    half_a_minute()
    case = desk_case.removeprefix("/admin")
    seller, payer = visit(agency), visit(buyer)
    page = seller.get(case)
    assert "What the decision overlooks" in page.words
    assert "What the decision overlooks" not in payer.get(case).words
    short = seller.post(f"{case}/appeal", statement="No")
    assert (short.status, "No</textarea>" in short.text) == (422, True)
    assert "Your appeal is in." in seller.follow(seller.post(f"{case}/appeal", statement=OVERLOOKED)).words
    run_jobs()
    (told,) = [letter for letter in mail.letters if "asks for another look" in letter.text]
    assert told.to == buyer.email
    assert (
        "Your answer to the appeal is in."
        in payer.follow(payer.post(f"{case}/appeal/answer", statement="It was dead.")).words
    )
    assert "Appeals 1" in visit(first).get("/admin/disputes").words
    assert "You decided this dispute." in visit(first).get(desk_case).words
    desk = visit(second)
    shown = desk.get("/admin/disputes?state=appeals").words
    for words in ("Appeal of the agency", OVERLOOKED, "It was dead.", "Let it stand $100.00", "0 % back $0.00"):
        assert words in shown, shown
    nothing = desk.post(f"{desk_case}/appeals/agency/decision", reasoning="Seen again.")
    assert (nothing.status, "Choose a decision." in nothing.words) == (422, True)
    done = desk.follow(desk.post(f"{desk_case}/appeals/agency/decision", decision="0", reasoning="Seen again."))
    assert "Decided." in done.words
    assert "0 percent go back. Seen again." in desk.get(desk_case).words
    assert "Appeals 0" in desk.get("/admin/disputes").words
    half_a_minute()
    run_jobs()
    assert {letter.to for letter in mail.letters if letter.subject == "The appeal is decided"} == {
        agency.email,
        buyer.email,
    }
    won = seller.get(case).words
    assert "You won your appeal: we pay what you would have earned. $90.00" in won
    assert "Appealed by the agency" in won
    assert "Appeal decided" in won
    assert "Appeal won" in seller.get("/balance").words
    assert "You keep what you were given back" in payer.get(case).words


def test_what_has_just_been_decided_is_counted_nowhere_and_takes_nothing_from_the_appeals(
    staff, dispute, agency, buyer, visit, api, half_a_minute
):
    conceded, decided = dispute(), dispute("bot")
    assert "Disputes 2" in staff.get("/admin/disputes").words
    decide(staff, conceded, "none")
    assert api(agency).post(f"{conceded.removeprefix('/admin')}/answers", {"concede": True}).status == 201
    page = staff.get("/admin/disputes").words
    assert [each for each in ("Disputes 1", "Waiting 1", "Appeals 0", "Ended 1") if each not in page] == [], page
    decide(staff, decided, "none")
    page = staff.get("/admin/disputes").words
    assert ("Disputes 1" in page, "Waiting 0" in page) == (False, True)
    half_a_minute()
    assert api(buyer).post(f"{decided.removeprefix('/admin')}/appeals", {"statement": OVERLOOKED}).status == 201
    other = visit(make_person("staff"))
    assert "Appeals 1" in other.get("/admin/disputes").words
    assert other.post(f"{decided}/appeals/buyer/decision", decision="0", reasoning="Seen again.").status == 303
    assert "Appeals 0" in other.get("/admin/disputes").words
