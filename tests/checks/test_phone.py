import csv
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.checks import Code, Outcome, check_phone, normalise_phone
from marketplace.checks.fictitious import fictitious_rule
from marketplace.checks.phone import read_phone

EXAMPLES = Path(__file__).parent / "data" / "phone_examples.csv"


@pytest.mark.parametrize(
    ("raw", "country", "e164"),
    [
        ("p:+12127365000", None, "+12127365000"),
        ("(212) 736-5000", "US", "+12127365000"),
        ("1-212-736-5000 x12", "US", "+12127365000"),
        ("12127365000.0", "US", "+12127365000"),
        ("'+12127365000", None, "+12127365000"),
        ("p:07911 123458", "GB", "+447911123458"),
        ("447911123458", "US", "+447911123458"),
        ("00447911123458", None, "+447911123458"),
        ("212-736-5000 / 212-736-5001", "US", "+12127365000"),
        ("٠٥٠١٢٣٤٥٦٨", "AE", "+971501234568"),
    ],
)
def test_one_number_has_one_form_however_it_is_written(raw, country, e164):
    assert normalise_phone(raw, country) == e164


@pytest.mark.parametrize("raw", ["", None, "call me", "+1 555-2001", "123"])
def test_what_cannot_be_dialled_from_abroad_has_no_form(raw):
    assert normalise_phone(raw, "US") is None


def test_a_well_formed_number_passes_for_its_format_only():
    result = check_phone("+12127365000", None)
    assert (result.outcome, result.method) == (Outcome.PASSED, "format")
    assert result.evidence == {"type": "fixed_line_or_mobile", "region": "US"}


def test_no_number_is_unknown_and_not_a_failure():
    assert check_phone("  ", "US").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "country", "rule"),
    [
        ("+1 212-555-0100", None, "nanp_555_01"),
        ("+1 212-555-0199", None, "nanp_555_01"),
        ("+1 226 555 0104", None, "nanp_555_01"),
        ("+1 555-2001", "US", "nanp_bare_555"),
        ("555-3001", "US", "nanp_bare_555"),
        ("(555) 736-5000", "US", "nanp_555_area"),
        ("212-555-1212", "US", "nanp_directory"),
        ("222-222-2222", "US", "repeated_digits"),
        ("+33 6 00 00 00 00", None, "repeated_digits"),
        ("1234567890", "US", "sequential_digits"),
        ("212-987-6543", "US", "sequential_digits"),
        ("p:+447700900107", None, "ofcom_drama"),
        ("020 7946 0958", "GB", "ofcom_drama"),
        ("0113 496 0000", "GB", "ofcom_drama"),
        ("01632 960999", "GB", "ofcom_drama"),
        ("0491 570 006", "AU", "acma_fiction"),
        ("1800 975 707", "AU", "acma_fiction"),
        ("(02) 5550 1234", "AU", "acma_fiction"),
        ("030 23125 042", "DE", "bnetza_film"),
        ("06 39 98 12 75", "FR", "arcep_fiction"),
        ("020 912 3485", "IE", "comreg_drama"),
        ("070-174 06 41", "SE", "pts_fiction"),
    ],
)
def test_a_number_that_nobody_has_is_fictitious_whatever_the_library_says(raw, country, rule):
    result = check_phone(raw, country)
    assert (result.outcome, result.reason) == (Outcome.FAILED, Code.PHONE_FICTITIOUS)
    assert result.evidence["rule"] == rule


@pytest.mark.parametrize(
    ("raw", "country"),
    [("+1 212-555-2001", None), ("+447700901107", None), ("0491 570 007", "AU"), ("030 231250", "DE")],
)
def test_neighbours_of_the_fictitious_ranges_are_not_fictitious(raw, country):
    assert check_phone(raw, country).reason is not Code.PHONE_FICTITIOUS


@pytest.mark.parametrize(
    ("raw", "country", "rule"),
    [
        ("212-736-500", "US", "wrong_length"),
        ("736-5000", "US", "wrong_length"),
        ("312-736-5000", None, "no_country"),
        ("4.47701E+11", "US", "rounded_by_spreadsheet"),
        ("n/a", "US", "no_digits"),
        ("299-736-5000", "US", "not_in_plan"),
    ],
)
def test_an_invalid_number_says_what_is_wrong_with_it(raw, country, rule):
    result = check_phone(raw, country)
    assert (result.reason, result.evidence["rule"]) == (Code.PHONE_INVALID, rule)


def test_a_premium_number_is_valid_and_still_fails():
    assert check_phone("+1 900 736 5094", None).reason is Code.PHONE_PREMIUM


def test_every_example_of_the_numbering_plans_is_valid_and_a_normal_form_stays_as_it_is():
    with EXAMPLES.open(newline="") as file:
        numbers = [row["e164"] for row in csv.DictReader(file)]
    assert len(numbers) >= 80
    assert all(read_phone(number, None).valid for number in numbers)
    assert [normalise_phone(number, None) for number in numbers] == numbers


@settings(max_examples=300)
@given(st.from_regex(r"(\+1 ?)?\(?[2-9][0-9]{2}\)? ?[2-9][0-9]{2}-[0-9]{4}", fullmatch=True))
def test_the_short_way_for_american_numbers_answers_like_the_library(raw):
    number = phonenumbers.parse(raw, "US")
    reading = read_phone(raw, "US")
    assert reading.valid == phonenumbers.is_valid_number(number)
    assert reading.e164 == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.text(max_size=60), st.sampled_from(["US", "GB", "PL", None, "XX", ""]))
def test_any_text_is_judged_and_the_evidence_never_holds_the_number(raw, country):
    result = check_phone(raw, country)
    digits = "".join(sign for sign in raw if sign.isdigit())
    assert len(digits) < 5 or all(digits not in fact for fact in result.evidence.values())


@given(st.integers(0, 999), st.text("0123456789", max_size=15))
def test_the_fictitious_rule_takes_any_digits(code, national):
    assert fictitious_rule(code, national) in {None, *_RULES}


_RULES = {
    "repeated_digits", "sequential_digits", "nanp_bare_555", "nanp_555_area", "nanp_555_01", "nanp_directory",
    "ofcom_drama", "acma_fiction", "bnetza_film", "arcep_fiction", "comreg_drama", "pts_fiction",
}  # fmt: skip
