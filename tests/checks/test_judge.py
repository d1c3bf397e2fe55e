import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.catalog.fields import Choice, Field
from marketplace.checks import MARKS, Code, Outcome, Policy, judge, own_duplicate

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FIELDS = (
    Field("subject", "Subject", "text"),
    Field("level", "Level", "choice", required=True, choices=(Choice("ba", "Bachelor's degree"),)),
)
POLICY = Policy(now=NOW, fields=FIELDS, default_country="US", max_age_days=120)
GOOD = {
    "first_name": "Marta",
    "last_name": "Quill",
    "phone": "(212) 736-5000",
    "email": "m.quill@gmail.com",
    "submitted_at": "2026-11-20T10:00:00Z",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "fill_seconds": 48,
    "consent": {"text": "I agree that one school may call me."},
    "answers": {"level": "Bachelor's degree", "subject": "dance"},
}


def verdict(**changes):
    lead = {**GOOD, **changes}
    judgement = judge({name: value for name, value in lead.items() if value is not None}, POLICY)
    return judgement.status, {(reason.code, reason.field) for reason in judgement.reasons}


def test_a_good_lead_is_accepted_with_its_values_normalised():
    judgement = judge(GOOD, POLICY)
    assert (judgement.status, judgement.reasons) == ("accepted", ())
    assert (judgement.phone, judgement.email) == ("+12127365000", "mquill@gmail.com")
    assert judgement.answers == {"level": "ba", "subject": "dance"}
    assert judgement.submitted_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": None, "email": None}, (Code.MISSING_CONTACT, "phone")),
        ({"first_name": None, "last_name": None}, (Code.MISSING_CONTACT, "full_name")),
        ({"phone": "+1 555-2001", "email": None}, (Code.PHONE_FICTITIOUS, "phone")),
        ({"phone": None, "email": "invalid"}, (Code.EMAIL_INVALID, "email")),
        ({"consent": None}, (Code.CONSENT_MISSING, "consent")),
        ({"submitted_at": "2024-01-15T10:00:00Z"}, (Code.TOO_OLD, "submitted_at")),
        ({"submitted_at": "last week"}, (Code.FIELD_INVALID, "submitted_at")),
        ({"answers": {}}, (Code.FIELD_MISSING, "answers.level")),
        ({"answers": {"level": "doctor"}}, (Code.FIELD_INVALID, "answers.level")),
        ({"answers": {"level": "ba", "shoe": "44"}}, (Code.FIELD_INVALID, "answers.shoe")),
    ],
)
def test_one_blocking_fault_rejects_the_lead(changes, reason):
    assert verdict(**changes) == ("rejected", {reason})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": "+1 212-555-0100"}, (Code.PHONE_FICTITIOUS, "phone")),
        ({"email": "invalid"}, (Code.EMAIL_INVALID, "email")),
        ({"phone": "+1 900 736 5094"}, (Code.PHONE_PREMIUM, "phone")),
        ({"email": "x@mailinator.com"}, (Code.EMAIL_DISPOSABLE, "email")),
        ({"first_name": "asdf", "last_name": None}, (Code.NAME_IMPLAUSIBLE, "full_name")),
        ({"user_agent": "curl/8.5.0"}, (Code.BOT_SUSPECTED, "user_agent")),
        ({"fill_seconds": 1}, (Code.BOT_SUSPECTED, "fill_time")),
        ({"social_url": "https://acme.com/x"}, (Code.FIELD_INVALID, "social_url")),
    ],
)
def test_anything_else_is_a_finding_that_the_lead_carries_along(changes, reason):
    assert verdict(**changes) == ("accepted", {reason})


def test_all_reasons_are_listed_the_blocking_ones_first():
    judgement = judge(
        {"first_name": "test", "phone": "555-2001", "email": "invalid", "submitted_at": "2024-01-15"}, POLICY
    )
    assert [reason.code for reason in judgement.reasons if reason.blocking] == [
        Code.PHONE_FICTITIOUS, Code.EMAIL_INVALID, Code.CONSENT_MISSING, Code.TOO_OLD, Code.FIELD_MISSING,
    ]  # fmt: skip
    assert [reason.code for reason in judgement.reasons if not reason.blocking] == [Code.NAME_IMPLAUSIBLE]
    assert all(reason.message.endswith((".", "?")) for reason in judgement.reasons)


def test_a_lead_with_neither_name_nor_channel_is_told_both():
    judgement = judge({}, POLICY)
    fields = [reason.field for reason in judgement.reasons if reason.code is Code.MISSING_CONTACT]
    assert fields == ["full_name", "phone"]


def test_a_profile_link_carries_a_lead_whose_only_phone_is_wrong():
    assert verdict(email=None, phone="123", social_url="t.me/marta")[0] == "accepted"
    assert verdict(email="invalid", phone="123", social_url="t.me/marta")[0] == "rejected"


def test_a_declared_consent_lets_a_lead_in_and_stays_unknown():
    policy = Policy(now=NOW, declared_consent=True)
    judgement = judge({"full_name": "Marta Quill", "email": "m@quill.com"}, policy)
    assert judgement.accepted
    assert dict(judgement.marks)["consent"] is Outcome.UNKNOWN


def test_a_withdrawn_consent_beats_everything():
    assert [reason.code for reason in judge(GOOD, POLICY, withdrawn=True).reasons] == [Code.CONSENT_WITHDRAWN]


def test_seven_marks_in_fixed_order_and_what_was_not_run_is_unknown():
    judgement = judge(GOOD, POLICY)
    assert [mark.check for mark in judgement.marks] == list(MARKS)
    assert [mark.outcome.value for mark in judgement.marks] == [
        "passed", "passed", "passed", "unknown", "passed", "unknown", "unknown",
    ]  # fmt: skip


def test_a_device_of_which_only_half_is_known_is_unknown():
    judgement = judge({**GOOD, "fill_seconds": None}, POLICY)
    assert dict(judgement.marks)["device"] is Outcome.UNKNOWN


@pytest.mark.parametrize(("found", "status"), [(True, "rejected"), (False, "accepted"), (None, "accepted")])
def test_the_callers_search_for_duplicates_joins_the_verdict(found, status):
    judgement = judge(GOOD, POLICY).also(own_duplicate(found))
    assert judgement.status == status
    assert (Code.DUPLICATE_OWN in {reason.code for reason in judgement.reasons}) is bool(found)


def test_a_national_number_is_read_in_the_leads_own_country_before_the_listings():
    assert judge({**GOOD, "country": "GB", "phone": "07911 123458"}, POLICY).phone == "+447911123458"
    assert judge({**GOOD, "country": "GB", "phone": "212 736 5000"}, POLICY).phone == "+12127365000"


@pytest.mark.parametrize(
    ("changes", "country"),
    [({"country": "pl"}, "PL"), ({"phone": "+48 601 234 509"}, "PL"), ({"phone": None}, "US")],
)
def test_the_country_is_the_given_one_else_the_phones_else_the_listings(changes, country):
    assert judge({**GOOD, **changes}, POLICY).country == country


def test_a_field_of_the_lead_can_be_required_too():
    policy = Policy(now=NOW, required=("postal_code", "phone"), declared_consent=True)
    judgement = judge({"full_name": "Marta Quill", "email": "m@quill.com"}, policy)
    assert {(reason.code, reason.field) for reason in judgement.reasons} == {
        (Code.FIELD_MISSING, "postal_code"),
        (Code.FIELD_MISSING, "phone"),
    }


def test_a_reason_goes_out_in_the_form_of_the_api():
    reason = judge({**GOOD, "consent": None}, POLICY).reasons[0]
    assert set(reason.as_dict()) == {"code", "field", "message"}
    assert json.dumps(reason.as_dict())


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.integers(), max_size=2)
)
_LEADS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys((*GOOD, "full_name", "social_url", "country", "channel", "preferred_call_time"), _VALUES)
    | {"answers": st.one_of(_VALUES, st.dictionaries(st.sampled_from(["level", "subject", "x y"]), _VALUES))},
)


@settings(max_examples=300)
@given(_LEADS)
def test_whatever_comes_in_is_judged_with_reasons_or_accepted(lead):
    judgement = judge(lead, POLICY)
    assert judgement.accepted is not any(reason.blocking for reason in judgement.reasons)
    assert len(judgement.marks) == 7


@given(
    st.sampled_from(["+12127365000", "+15552001", "07911123458"]),
    st.sampled_from(["quillmarta@gmail.com", "quillmarta@", "quillmarta@mailinator.com"]),
)
def test_no_finding_repeats_the_contact(phone, email):
    judgement = judge({**GOOD, "phone": phone, "email": email, "first_name": "Quillmarta1"}, POLICY)
    said = json.dumps(
        [reason.as_dict() for reason in judgement.reasons] + [dict(result.evidence) for result in judgement.results]
    )
    assert "quillmarta" not in said.lower()
    assert phone.strip("+") not in said
