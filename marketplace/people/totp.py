"""Codes of an authenticator app: six digits, others every half a minute (RFC 6238)."""

import hmac
from datetime import datetime

import pyotp

ISSUER = "Fairlead"
_DIGITS = 6
#: a phone's clock may be so many half minutes off
_TOLERANCE = 1


def new_secret() -> str:
    """160 bits in base 32, as an app takes them."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """What the app reads from the picture: the secret, and under which names it lists it."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def is_code(text: str) -> bool:
    """Whether this looks like what an app shows."""
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


def step_of(secret: str, code: str, at: datetime, after: int = 0) -> int | None:
    """Of which half minute since 1970 this code is; None for one that is wrong, far from `at`, or not after `after`.

    Args:
        code: six digits.
        at: the time outside of the product, by which the app goes.
        after: the half minute of the last code that was taken.
    """
    app = pyotp.TOTP(secret)
    now = app.timecode(at)
    steps = range(max(now - _TOLERANCE, after + 1), now + _TOLERANCE + 1)
    return next((step for step in steps if hmac.compare_digest(app.generate_otp(step), code)), None)
