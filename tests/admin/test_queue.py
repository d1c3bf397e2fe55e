"""The queue of those who decide: where most money may go wrong first, by reason, in pages; the next one ahead."""

import re

import pytest

from marketplace.disputes import DisputeState, verdicts
from marketplace.kit.paging import Ask
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, put_on_sale, sold

READY = DisputeState.ANSWERED


@pytest.fixture
def buyer(app):
    return funded_buyer(1_000_00)


@pytest.fixture
def case(api, agency, buyer):
    """A dispute that can be decided: case(cents, reason) -> its id."""

    def case(cents, reason="bot", *, is_answered=True):
        dispute = open_dispute(api(buyer), sold(api(agency), api(buyer), cents), reason, "It is not what was sold.")
        if is_answered:
            assert api(agency).post(f"/disputes/{dispute}/answers", {"statement": "It is."}).status == 201
        return dispute

    return case


def shown(page):
    return re.findall(r'<a href="/admin/disputes/([0-9a-f-]{36})', page.text)


def test_what_is_most_at_stake_comes_first_and_a_day_counts_ten_percent(staff, case, clock):
    old, small = case(95_00), case(20_00)
    clock.advance(days=1)
    large, young = case(300_00), case(100_00)
    assert shown(staff.get("/admin/disputes"))[:4] == [large, old, young, small]
    page = staff.get(f"/admin/disputes/{old}")
    assert "$35.13" in page.words, "95.00 at 63 %"
    assert re.search(rf'href="/admin/disputes/{young}"[^>]*data-key="s"', page.text)


def test_pages_follow_each_other_whatever_is_decided_meanwhile(case):
    who = make_person("staff").who
    cases = [case(cents) for cents in (50_00, 40_00, 30_00)]
    first = verdicts.queue_for(who, Ask(limit=1), READY)
    second = verdicts.queue_for(who, Ask(first.next_cursor, 1), READY)
    third = verdicts.queue_for(who, Ask(second.next_cursor, 1), READY)
    assert [str(page.items[0].id) for page in (first, second, third)] == cases
    assert third.next_cursor is None


def test_a_list_is_narrowed_to_a_reason_and_stays_so(staff, case):
    bots, hired = [case(25_00), case(24_00)], case(90_00, "hired")
    page = staff.get("/admin/disputes?reason=bot")
    assert shown(page)[:2] == bots
    assert hired not in page.text
    assert "All reasons 3" in page.words
    decided = staff.post(
        f"/admin/disputes/{bots[0]}/decision?reason=bot", decision="none", reasoning="The facts decide."
    )
    assert decided.location == f"/admin/disputes/{bots[1]}?reason=bot"
    assert shown(staff.get("/admin/disputes?reason=nonsense"))


def test_who_may_still_answer_waits_apart(staff, case):
    ready, waiting = case(25_00), case(90_00, is_answered=False)
    assert waiting not in staff.get("/admin/disputes").text
    page = staff.get("/admin/disputes?state=waiting")
    assert (shown(page)[0], ready in page.text) == (waiting, False)
    assert "Ready 1" in page.words


def test_a_page_that_has_the_next_case_is_told_where_it_is(staff, case):
    first, second = case(50_00), case(25_00)
    page = staff.get(f"/admin/disputes/{first}")
    assert f'data-next="/admin/disputes/{second}"' in page.text
    form = {"decision": "none", "reasoning": "The facts decide.", "headers": {"X-Ahead": "1"}}
    told = staff.post(f"/admin/disputes/{first}/decision", **form)
    assert (told.status, told.headers["X-Next"]) == (204, f"/admin/disputes/{second}")
    assert staff.post(f"/admin/disputes/{first}/decision", **form).status == 409


def test_both_sides_and_staff_read_the_same_parts(staff, visit, case, agency, buyer):
    dispute = case(25_00)
    pages = [visit(person).get(f"/disputes/{dispute}") for person in (agency, buyer)]
    for page in (*pages, staff.get(f"/admin/disputes/{dispute}")):
        for words in (
            "Probability of a fake",
            "trust 0.67, 0 of 0 upheld",
            "+0.69",
            "−0.16",
            "The same agency had not sent this person within 90 days.",
        ):
            assert words in page.words, words


def test_a_buyer_logs_its_calls_on_a_page(visit, api, agency, buyer, clock):
    (lead_id,) = put_on_sale(api(agency), make_lead())
    page = f"/orders/{buy(api(buyer), lead_id)}/calls"
    reader = visit(buyer)
    assert "0 of 4 calls without success, on 0 of 2 days" in reader.get(page).words
    key = reader.get(page).value_of("key")
    for _twice in range(2):
        assert "The call is logged." in reader.follow(reader.post(page, result="busy", key=key)).words
    assert "1 of 4 calls" in reader.get(page).words
    bad = reader.post(page, result="busy", at="2090-01-01T10:00")
    assert (bad.status, "This is in the future." in bad.words) == (422, True)
    assert reader.post(page, result="shouted").status == 422
    assert reader.post(page, result="busy", at="soon").status == 422
    assert visit(make_person("buyer")).get(page).status == 404
    assert visit(agency).get(page).status == 403
