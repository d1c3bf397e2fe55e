"""The table of reasons: each says what it needs, and fits how the lead was sold and what it holds."""

import pytest

from marketplace.disputes import Reason
from marketplace.disputes.reasons import REASONS, asks_file, asks_words, may_mend, reasons_for

NO_PHONE = {"findings": [{"check": "phone", "result": "unknown", "evidence": {"rule": "absent"}}]}


def test_every_reason_says_what_it_needs_and_no_reason_is_a_lack_of_interest():
    assert set(REASONS) == set(Reason)
    assert all(ground.name and ground.needs and ground.helps for ground in REASONS.values())
    assert not [reason for reason in Reason if "interest" in reason]


@pytest.mark.parametrize(
    ("pricing", "checks", "missing"),
    [
        ("per_lead", {}, set()),
        ("per_lead", NO_PHONE, {"invalid_phone"}),
        ("per_sale", {}, {"unreachable"}),
        ("per_sale", NO_PHONE, {"invalid_phone", "unreachable"}),
    ],
)
def test_which_reasons_fit(pricing, checks, missing):
    assert set(Reason) - set(reasons_for(pricing, checks)) == missing


@pytest.mark.parametrize(
    ("reason", "usual", "strict", "words"),
    [
        ("invalid_phone", False, False, False),
        ("not_requested", False, True, True),
        ("bot", False, True, True),
        ("unreachable", False, False, True),
    ],
)
def test_what_must_come_with_a_reason(reason, usual, strict, words):
    asked = [asks_file(Reason(reason), strict=each) for each in (False, True)]
    assert (*asked, asks_words(Reason(reason))) == (usual, strict, words)


def test_a_typo_is_put_right_only_where_the_reason_is_one():
    assert may_mend("invalid_phone", ["phone", "email"]) == ("phone",)
    assert may_mend("wrong_person", ["full_name", "email"]) == ("full_name", "email")
    assert may_mend("bot", ["phone", "email"]) == ()
