import pytest

from marketplace.checks import MARKS, facts_of, shown_phone


def told(mark, result, finding=None):
    checks = {"marks": {mark: result}, "findings": [finding] if finding else []}
    (fact,) = [fact for fact in facts_of(checks) if fact.check == mark]
    return fact.evidence


def test_every_mark_is_told_even_of_a_lead_that_kept_none(app):
    facts = facts_of({})
    assert [fact.check for fact in facts] == list(MARKS)
    assert {fact.result for fact in facts} == {"unknown"}
    assert {fact.evidence for fact in facts} == {"Not checked."}


def test_what_passed_claims_no_more_than_was_found(app):
    assert told("phone", "passed") == "Exists in its country’s plan. Nobody has called it."
    assert told("email", "passed") == "Well-formed, no throw-away address. No mail was sent."


@pytest.mark.parametrize(
    ("mark", "check", "reason", "words"),
    [
        ("phone", "phone", "phone_fictitious", "A number that reaches nobody."),
        ("email", "email_mx", "email_no_mx", "The domain accepts no mail."),
        ("device", "fill_time", "bot_suspected", "Looks like a program, not like a person."),
        ("device", "user_agent", "something_new", "Did not pass."),
    ],
)
def test_what_failed_says_why(app, mark, check, reason, words):
    finding = {"check": check, "result": "failed", "reason": reason, "method": "format", "evidence": {}}
    assert told(mark, "failed", finding) == words


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"state": "present"}, "A record is there. Nobody has proven it yet."),
        ({"state": "declared"}, "Declared by the agency for a whole file, not proven."),
        ({"rule": "absent"}, "Not given."),
        ({}, "Could not be determined."),
    ],
)
def test_what_is_unknown_says_how_much_is_there(app, evidence, words):
    finding = {"check": "consent", "result": "unknown", "reason": None, "method": "record", "evidence": evidence}
    assert told("consent", "unknown", finding) == words


def test_a_number_is_shown_as_people_read_it():
    assert shown_phone("+12125012345") == "+1 212-501-2345"
