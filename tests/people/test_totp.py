"""Codes of an app: against the examples of RFC 6238, and when one is taken."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from marketplace.people import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("late", "is_taken"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_code_is_taken_half_a_minute_before_and_behind(late, is_taken):
    at = datetime.fromtimestamp(1234567890, UTC) + timedelta(seconds=late)
    assert totp.step_of(SECRET, "005924", at) == (41152263 if is_taken else None)


def test_no_code_up_to_the_last_one_is_taken_again():
    at = datetime.fromtimestamp(1234567890, UTC)
    assert totp.step_of(SECRET, "005924", at, after=41152262) == 41152263
    assert totp.step_of(SECRET, "005924", at, after=41152263) is None


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "１２３４５６", "٣٤٥٦٧٨", "-12345"])
def test_what_is_no_code_is_told_from_one(text):
    assert not totp.is_code(text)
    assert totp.is_code("012345")


def test_secrets_are_long_and_differ_and_the_app_lists_them_by_name():
    secret = totp.new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert secret != totp.new_secret()
    address = urlsplit(totp.address_of(secret, "dana@example.com"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Fairlead:dana@example.com"
    assert parse_qs(address.query) == {"secret": [secret], "issuer": ["Fairlead"]}
