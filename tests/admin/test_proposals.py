"""The page of corrections: proposing, agreeing, refusing, and what is said about it."""

import pytest

from tests.factories.people import make_person

PAGE = "/admin/money/corrections"


@pytest.fixture
def second(visit):
    return visit(make_person("staff"))


def wish(org_id, amount="240.00", **more):
    why = "Delivered twice on 14 November by our fault."
    return {"kind": "goodwill", "about": str(org_id), "amount": amount, "currency": "USD", "reason": why, **more}


def test_one_proposes_and_another_agrees(staff, second, api):
    buyer = make_person("buyer")
    assert "Nothing waits" in staff.get(PAGE).words
    told = staff.follow(staff.post(PAGE, **wish(buyer.org_id), key="1"))
    assert "Proposed. It is booked when another member of staff agrees." in told.words
    assert "Goodwill Goodwill" not in told.words
    for shown in ("needs a second person", "$240.00", "Wallets of buyers", "another member of staff"):
        assert shown in told.words
    assert ">Approve" not in told.text
    waiting = second.get(PAGE)
    approve = waiting.text.split(f'action="{PAGE}/')[2].split('"')[0]
    assert approve.endswith("/approval")
    assert "Booked: $240.00" in second.follow(second.post(f"{PAGE}/{approve}")).words
    assert api(buyer).get("/wallet")["available"] == 240_00


def test_a_second_click_gives_goodwill_once(visit, api):
    buyer, giver = make_person("buyer"), make_person("staff")
    for browser in (visit(giver), visit(giver)):  # what keeps forms of strangers out differs from one to the other
        assert browser.post(PAGE, **wish(buyer.org_id, "50.00"), key="same").status == 303
    assert api(buyer).get("/wallet")["available"] == 50_00


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "much"}, "Give an amount, like 75.00."),
        ({"reason": "So."}, "Write 10 to 1,000 characters."),
        ({"about": "nobody"}, "We don't recognise this ID."),
        ({"amount": "2000"}, "up to 1,000.00"),
        ({"kind": "adjustment"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(staff, wrong, said):
    buyer = make_person("buyer")
    told = staff.post(PAGE, **{**wish(buyer.org_id), **wrong}, key="2")
    assert told.status in (403, 422)
    assert said in told.words
    assert str(wrong.get("reason", "Delivered twice")) in told.text


def test_a_refusal_is_a_reason(staff, second):
    buyer = make_person("buyer")
    staff.post(PAGE, **wish(buyer.org_id), key="3")
    refuse = second.get(PAGE).text.split(f'action="{PAGE}/')[1].split('"')[0]
    short = second.post(f"{PAGE}/{refuse}", reason="No")
    assert short.status == 422
    in_its_form, in_the_new_one = short.text.split(f'action="{PAGE}/{refuse}"')[1].split('name="kind"')
    assert ("No</textarea>" in in_its_form, "No</textarea>" in in_the_new_one) == (True, False)
    assert ("invalid-feedback" in in_its_form, "invalid-feedback" in in_the_new_one) == (True, False)
    assert "Nothing was booked." in second.follow(second.post(f"{PAGE}/{refuse}", reason="No fault of ours.")).words


def test_who_only_reads_sees_no_form(visit):
    reader = visit(make_person("staff", role="member"))
    assert reader.get(PAGE).status == 200
    assert "Propose one" not in reader.get(PAGE).words
    assert visit(make_person("buyer")).get(PAGE).status == 404
