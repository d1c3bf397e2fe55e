"""Name, contact, contact type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.checks import Code, ContactType, Outcome, contact_type
from marketplace.checks.contact import check_contact, check_social, is_profile_link
from marketplace.checks.name import check_name


@pytest.mark.parametrize(
    "name",
    [
        "Marta Quill",
        "Grzegorz Brzęczyszczykiewicz",
        "محمد أحمد",
        "王小明",
        "J. Batt",
        "O'Neil",
        "Ng",
        "𝔽𝕒𝕜𝕖",
        "Mrs.Ann",
    ],
)
def test_names_of_the_world_pass(name):
    assert check_name(name).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("test", "placeholder"),
        ("Test User", "placeholder"),
        ("Unknown", "placeholder"),
        ("asdfgh", "keyboard_row"),
        ("12345", "no_letters"),
        ("Buy at www.spam.com", "link"),
        ("aaaaa", "repeated_letter"),
        ("x9y8z7", "digits"),
        ("bcdfg hjklm", "keyboard_row"),
        ("Brntz Krspl", "no_vowel"),
        ("𝕥𝕖𝕤𝕥", "placeholder"),
    ],
)
def test_what_is_hardly_a_name_is_named_as_such(name, rule):
    result = check_name(name)
    assert (result.reason, result.evidence["rule"]) == (Code.NAME_IMPLAUSIBLE, rule)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/marta.quill",
        "linkedin.com/in/marta",
        "https://t.me/marta",
        "vk.com/id1",
        "https://pl.linkedin.com/in/x",
    ],
)
def test_a_link_to_a_profile_is_a_way_to_reach_somebody(link):
    assert is_profile_link(link)
    assert check_social(link) is None


@pytest.mark.parametrize(
    "link", ["https://facebook.com/", "https://acme.com/marta", "@marta", "javascript:alert(1)", "http://[", ""]
)
def test_other_links_reach_nobody(link):
    assert not is_profile_link(link)


def test_a_link_to_nowhere_is_said_to_be_wrong():
    assert check_social("https://acme.com/marta").reason is Code.FIELD_INVALID


@pytest.mark.parametrize(
    ("given_channels", "tier"),
    [
        ({"phone": "+12127365000", "email": "a@b.com"}, "phone_and_email"),
        ({"phone": "+12127365000"}, "phone"),
        ({"email": "a@b.com"}, "email"),
        ({"social_url": "t.me/marta"}, "social"),
    ],
)
def test_one_channel_is_enough_and_a_profile_is_the_lowest_tier(given_channels, tier):
    result = check_contact(**{"name": "Marta", "phone": "", "email": "", "social_url": "", **given_channels})
    assert (result.outcome, result.evidence["tier"]) == (Outcome.PASSED, tier)


def test_a_name_without_a_channel_and_a_channel_without_a_name_are_no_leads():
    nothing = check_contact(name="Marta", phone="", email="", social_url="https://acme.com/x")
    nobody = check_contact(name="", phone="+12127365000", email="", social_url="")
    assert (nothing.reason, nobody.reason) == (Code.MISSING_CONTACT, Code.MISSING_CONTACT)


FULL = {"first_name": "Marta", "phone": "+12127365000", "email": "marta@quill.com"}


@pytest.mark.parametrize(
    ("lead", "answers", "kind"),
    [
        ({"first_name": "Marta", "phone": "+12127365000"}, {}, ContactType.FAST),
        (FULL, {}, ContactType.REGISTRATION),
        ({"first_name": "Marta", "social_url": "t.me/marta"}, {}, ContactType.REGISTRATION),
        ({**FULL, "channel": "event"}, {}, ContactType.PROMO),
        ({**FULL, "preferred_call_time": "evenings"}, {"a": 1, "b": 2, "c": 3}, ContactType.INTERESTED),
        (
            {**FULL, "preferred_call_time": "evenings", "comment": "I want to hear about roofs"},
            {},
            ContactType.INTERESTED,
        ),
        ({**FULL, "preferred_call_time": "evenings"}, {"a": 1}, ContactType.REGISTRATION),
        (FULL, {"a": 1, "b": 2, "c": 3}, ContactType.REGISTRATION),
    ],
)
def test_the_kind_of_contact_follows_from_what_was_left(lead, answers, kind):
    assert contact_type(lead, answers) is kind


def test_a_listing_of_events_makes_promo_leads():
    assert contact_type(FULL, {}, offline=True) is ContactType.PROMO


@given(st.text(max_size=120))
def test_any_name_and_any_link_is_judged(text):
    check_name(text)
    is_profile_link(text)
