import csv
from pathlib import Path

import email_validator
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.checks import Code, Outcome, canonical_email, check_email
from marketplace.checks.email import check_mx, near_big_domain, read_email

CASES = Path(__file__).parent / "data" / "isemail_cases.csv"


def library_says(raw):
    try:
        email_validator.validate_email(raw, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return False
    return True


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def takes_mail(self, _domain):
        return self.answer


def test_a_well_formed_address_passes_for_its_format_only():
    result = check_email("Marta.Quill@gmail.com")
    assert (result.outcome, result.method, dict(result.evidence)) == (Outcome.PASSED, "format", {})


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("Marta.Quill+solar@GoogleMail.com", "martaquill@gmail.com"),
        (" Ann@Example.ORG ", "ann@example.org"),
        ("ann+tag@example.org", "ann+tag@example.org"),
        ("ann@bücher.de", "ann@xn--bcher-kva.de"),
        ("not an address", None),
        (None, None),
    ],
)
def test_two_spellings_of_a_mailbox_have_one_canonical_form(raw, canonical):
    assert canonical_email(raw) == canonical


@pytest.mark.parametrize("raw", ["a@b", "a@b.test", "a b@c.com", "@c.com", "a@", "a..b@c.com", "a@-c.com", "invalid"])
def test_what_is_no_address_is_invalid(raw):
    assert check_email(raw).reason is Code.EMAIL_INVALID


@pytest.mark.parametrize("raw", ["x@mailinator.com", "x@anything.mailinator.com"])
def test_a_throw_away_address_is_well_formed_and_still_fails(raw):
    assert check_email(raw).reason is Code.EMAIL_DISPOSABLE


def test_a_role_is_evidence_and_no_failure():
    result = check_email("sales@northbeam.com")
    assert result.outcome is Outcome.PASSED
    assert result.evidence["role"] == "yes"


@pytest.mark.parametrize(
    ("domain", "meant"),
    [("gmai.com", "gmail.com"), ("hotmial.com", "hotmail.com"), ("mail.com", None), ("acme.com", None)],
)
def test_a_big_domain_one_letter_away_is_suggested(domain, meant):
    assert near_big_domain(domain) == meant


def test_nobody_asks_the_name_system_unless_told_to():
    assert check_mx("ann@acme.com", None).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [(True, Outcome.PASSED, None), (False, Outcome.FAILED, Code.EMAIL_NO_MX), (None, Outcome.UNKNOWN, None)],
)
def test_the_name_system_is_believed_and_its_silence_is_unknown(answer, outcome, reason):
    result = check_mx("ann@acme.com", Answers(answer))
    assert (result.outcome, result.reason) == (outcome, reason)


def test_no_wrong_address_of_the_isemail_set_is_accepted():
    with CASES.open(newline="") as file:
        cases = list(csv.DictReader(file))
    wrong = [case["id"] for case in cases if case["category"] == "ISEMAIL_ERR" and read_email(case["address"]).valid]
    refused = [
        case["id"] for case in cases if case["category"] != "ISEMAIL_ERR" and not read_email(case["address"]).valid
    ]
    assert len(cases) >= 30
    assert wrong == []
    assert refused == ["5"]  # test@io: a bare top-level domain is no mailbox of a consumer


_PART = st.text("abcXYZ019.-_+'!@ é", min_size=1, max_size=12)


@settings(max_examples=400)
@given(
    _PART,
    st.lists(_PART, min_size=1, max_size=3),
    st.sampled_from(["com", "de", "c0m", "test", "local", "x", "xn--p1ai"]),
)
def test_the_short_way_answers_like_the_library(local, labels, top):
    raw = f"{local}@{'.'.join(labels)}.{top}".strip(" ")
    assert read_email(raw).valid == library_says(raw)


@given(st.text(max_size=80))
def test_any_text_is_judged_and_the_evidence_never_holds_it(raw):
    result = check_email(raw)
    assert raw == "" or len(raw) < 4 or raw not in result.evidence.values()
