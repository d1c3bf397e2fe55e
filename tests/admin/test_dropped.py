"""A decision that waits does not fall over what nobody has read, and whoever made it is told when it did not fall."""

import pytest
from sqlalchemy import text

from marketplace.disputes.jobs import let_fall
from marketplace.kit.db import session, transaction
from marketplace.ledger.jobs import seal
from tests.admin.test_disputes import OVERLOOKED, available, decide
from tests.factories.banks import bank_dispute
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, put_on_sale

WORDS = "It was dead when we called."
UNREAD = "Something new has come in that you have not read"
LOG = {"name": "calls.txt", "content": "MTA6MDAgbm8gYW5zd2Vy"}


def at(case):
    return case.removeprefix("/admin")


def answers(agency, case):
    return agency.post(f"{at(case)}/answers", {"statement": "It rang when we called."})


def corrects(agency, case):
    return agency.post(f"{at(case)}/correction", {"field": "first_name", "value": "Marya"})


def adds(agency, case):
    return agency.post(f"{at(case)}/evidence", {"evidence": [LOG]})


@pytest.mark.parametrize("acts", [(answers,), (corrects,), (adds,), (answers, corrects), (answers, adds)])
def test_nothing_falls_over_what_came_in_after_it(staff, dispute, agency, buyer, api, clock, half_a_minute, acts):
    case, (*before, comes_in) = dispute("wrong_person"), acts
    for act in before:
        act(api(agency), case)
        clock.advance(seconds=1)
    decide(staff, case, "full", WORDS)
    clock.advance(seconds=5)
    assert comes_in(api(agency), case).status in {200, 201}
    half_a_minute()
    assert available(buyer, api) == 40_000
    page = staff.get(case)
    assert UNREAD in page.words
    assert page.value_of("reasoning") == WORDS
    queue = "?state=waiting" if acts == (adds,) else ""
    assert "Not carried out: It is someone else" in staff.get(f"/admin/disputes{queue}").words
    assert case in staff.get(f"/admin/disputes{queue}").text
    decide(staff, case, "full", WORDS)
    half_a_minute()
    assert available(buyer, api) == 50_000
    assert UNREAD not in staff.get(case).words


def test_what_was_read_hinders_nothing_and_why_before_an_answer_is_kept_for_its_author(
    staff, dispute, agency, buyer, api, clock, half_a_minute
):
    case = dispute()
    decide(staff, case, "half", WORDS, early_reason="The network is clear.")
    clock.advance(seconds=5)
    adds(api(agency), case)
    half_a_minute()
    assert staff.get(case).value_of("early_reason") == "The network is clear."
    answers(api(agency), case)
    clock.advance(seconds=5)
    decide(staff, case, "half", WORDS)
    half_a_minute()
    assert available(buyer, api) == 45_000


def test_an_appeal_does_not_fall_over_its_answer(dispute, agency, buyer, api, clock, visit, half_a_minute):
    case, second = dispute(), visit(make_person("staff"))
    decide(visit(make_person("staff")), case, "none")
    half_a_minute()
    assert api(buyer).post(f"{at(case)}/appeals", {"statement": OVERLOOKED}).status == 201
    rule = f"{case}/appeals/buyer/decision"
    assert second.post(rule, decision="100", reasoning="Seen again.").status == 303
    clock.advance(seconds=5)
    seller = visit(agency)
    assert seller.post(f"{at(case)}/appeal/answer", statement="It rang for us.").status == 303
    half_a_minute()
    assert available(buyer, api) == 40_000
    page = second.get(case)
    assert UNREAD in page.words
    assert page.value_of("reasoning") == "Seen again."
    assert "Appeals 1" in page.words
    second.post(rule, decision="100", reasoning="Seen again.")
    half_a_minute()
    assert available(buyer, api) == 50_000


def test_who_decided_is_told_that_a_bank_holds_the_money_and_keeps_the_words(staff, agency, api, half_a_minute):
    payer = make_person("buyer")
    top_up = fund(payer.who, 10_000)
    (lead_id,) = put_on_sale(api(agency), price={"amount": 10_000, "currency": "USD"})
    case = f"/admin/disputes/{open_dispute(api(payer), buy(api(payer), lead_id, 10_000))}"
    decide(staff, case, "full", WORDS)
    bank_dispute(top_up, "needs_response", 10_000)
    half_a_minute()
    undone = staff.follow(staff.post(f"{case}/decision/undo"))
    assert "no decision of yours is waiting" in undone.words
    assert "both sides have been told" not in undone.words
    assert "Your decision was not carried out." in undone.words
    assert "bank has disputed a payment" in undone.words
    assert undone.value_of("reasoning") == WORDS


def test_who_decided_is_told_that_something_else_ended_the_case(staff, dispute, buyer, api, visit, half_a_minute):
    withdrawn, decided, other = dispute(), dispute("bot"), make_person("staff")
    decide(staff, withdrawn, "full", WORDS)
    decide(staff, decided, "full", WORDS)
    api(buyer).post(f"{at(withdrawn)}/withdrawal")
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "A person typed it.", "early_reason": "Clear."}
    assert api(other).post(f"{at(decided)}/decisions", verdict).status == 201
    half_a_minute()
    assert available(buyer, api) == 30_000
    assert "Not carried out:" in staff.get("/admin/disputes").words
    assert "Not carried out:" not in visit(other).get("/admin/disputes").words
    for case in (withdrawn, decided):
        undone = staff.follow(staff.post(f"{case}/decision/undo")).words
        assert "no decision of yours is waiting" in undone
        assert "both sides have been told" not in undone
        assert "Your decision was not carried out. The case ended in another way." in undone
        assert WORDS not in undone
        assert "not carried out" not in visit(other).get(case).words


def test_one_that_breaks_each_time_stops_no_other_and_is_not_tried_twice_a_round(staff, dispute, clock, half_a_minute):
    old, odd, good = dispute(), dispute("bot"), dispute("wrong_person")
    decide(staff, old, "full", WORDS)
    staff.post(f"{old}/decision/undo")
    clock.advance(days=1, seconds=1)
    for case in (odd, good):
        decide(staff, case, "none", WORDS)
    with transaction():
        broken = "UPDATE waiting_decisions SET outcome = 'nonsense' WHERE dispute_id = :id"
        session().execute(text(broken), {"id": at(odd).split("/")[-1]})
    with pytest.raises(ValueError, match="nonsense"):
        half_a_minute()
    left = session().execute(text("SELECT dispute_id FROM waiting_decisions")).scalars().all()
    assert [str(each) for each in left] == [at(odd).split("/")[-1]]
    assert (let_fall.retry_strategy, seal.retry_strategy) == (None, None), "the next round comes in seconds"
