"""Consent, age, bots, time to fill, answers."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.catalog.fields import Field
from marketplace.checks import Code, Outcome
from marketplace.checks.age import check_age
from marketplace.checks.answers import check_answers
from marketplace.checks.bot import check_user_agent
from marketplace.checks.consent import check_consent
from marketplace.checks.fill_time import check_fill_time

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = {"text": "I agree that one installer may call me.", "at": "2026-11-20T10:00:00Z"}


@pytest.mark.parametrize(
    ("consent", "options", "outcome", "state"),
    [
        (TEXT, {}, Outcome.UNKNOWN, "present"),
        ({"token": "https://cert.trustedform.com/abc"}, {}, Outcome.UNKNOWN, "present"),
        ({**TEXT, "token": "abc"}, {"token_verified": True}, Outcome.PASSED, "verified"),
        (TEXT, {"token_verified": True}, Outcome.UNKNOWN, "present"),
        (None, {"declared": True}, Outcome.UNKNOWN, "declared"),
        ({"text": "yes"}, {"declared": True}, Outcome.UNKNOWN, "declared"),
        ({}, {}, Outcome.FAILED, "missing"),
        ({"text": "yes"}, {}, Outcome.FAILED, "flag_only"),
        ({"text": "No"}, {"declared": True}, Outcome.FAILED, "refused"),
        ({**TEXT, "token": "abc"}, {"token_verified": True, "withdrawn": True}, Outcome.FAILED, "withdrawn"),
    ],
)
def test_only_a_proven_consent_passes_and_only_a_missing_one_fails(consent, options, outcome, state):
    result = check_consent(consent, **options)
    assert (result.outcome, result.evidence["state"]) == (outcome, state)


def test_a_consent_that_was_taken_back_has_its_own_reason():
    assert check_consent(TEXT, withdrawn=True).reason is Code.CONSENT_WITHDRAWN


@pytest.mark.parametrize(
    ("submitted", "outcome", "reason"),
    [
        (NOW - timedelta(days=120), Outcome.PASSED, None),
        (NOW - timedelta(days=120, seconds=1), Outcome.FAILED, Code.TOO_OLD),
        ("2026-08-31T11:18:23+05:30", Outcome.PASSED, None),
        ("2024-01-15T10:00:00", Outcome.FAILED, Code.TOO_OLD),
        (None, Outcome.UNKNOWN, None),
        ("", Outcome.UNKNOWN, None),
        ("last week", Outcome.UNKNOWN, Code.FIELD_INVALID),
        (NOW + timedelta(days=2), Outcome.UNKNOWN, Code.FIELD_INVALID),
        (NOW + timedelta(hours=9), Outcome.PASSED, None),
    ],
)
def test_age_is_counted_to_the_second_and_never_guessed(submitted, outcome, reason):
    result = check_age(submitted, now=NOW, max_age_days=120)
    assert (result.outcome, result.reason) == (outcome, reason)


def test_a_vertical_without_a_limit_takes_leads_of_any_age():
    assert check_age("2001-01-01", now=NOW, max_age_days=None).outcome is Outcome.PASSED


BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]",
    "Opera/9.80 (Android; Opera Mini/36.2; U; id) Presto/2.12.423 Version/12.16",
]
PROGRAMS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    "python-requests/2.32.0",
    "curl/8.5.0",
    "Java/17.0.1",
    "-",
]


@pytest.mark.parametrize("agent", BROWSERS)
def test_browsers_of_people_pass(agent):
    assert check_user_agent(agent).outcome is Outcome.PASSED


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_suspected(agent):
    assert check_user_agent(agent).reason is Code.BOT_SUSPECTED


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(2.9, Outcome.FAILED), (3, Outcome.PASSED), ("48", Outcome.PASSED), (None, Outcome.UNKNOWN), (-1, Outcome.UNKNOWN),
     (float("nan"), Outcome.UNKNOWN), ("soon", Outcome.UNKNOWN), (True, Outcome.UNKNOWN), (10**9, Outcome.UNKNOWN)],
)  # fmt: skip
def test_a_form_filled_at_a_glance_was_not_filled_by_a_person(seconds, outcome):
    assert check_fill_time(seconds).outcome is outcome


FIELDS = (Field("subject", "Subject", "text", required=True), Field("bill", "Bill", "number", minimum=0))


def test_answers_that_fit_are_kept_in_their_stored_form():
    kept, results = check_answers(FIELDS, {"subject": "dance", "bill": "$180-220"})
    assert kept == {"subject": "dance", "bill": 200}
    assert {result.outcome for result in results} == {Outcome.PASSED}


def test_each_answer_that_is_missing_or_does_not_fit_has_its_own_result():
    kept, results = check_answers(FIELDS, {"bill": "a lot"})
    assert kept == {}
    assert [(result.check, result.reason) for result in results] == [
        ("answers.subject", Code.FIELD_MISSING),
        ("answers.bill", Code.FIELD_INVALID),
    ]


def test_an_answer_nobody_asked_for_is_refused_without_repeating_it():
    _kept, results = check_answers((), {"ann@example.org": "x"})
    assert results[0].reason is Code.FIELD_INVALID
    assert "ann" not in results[0].check
