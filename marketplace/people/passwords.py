"""Passwords: which ones we take, and how they are kept (argon2id, never readable)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people.errors import WeakPassword

SHORTEST = 12
LONGEST = 200
_FEWEST_SIGNS = 5

#: OWASP's setting for argon2id with little memory: eight sign-ins at once take 152 MiB
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

_RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789", "1q2w3e4r5t6y7u8i9o0p")

#: the most used long passwords of public leaks, letters and digits only
_COMMON = frozenset(
    {
        "administrator",
        "administrator1",
        "changemeplease",
        "changemenow123",
        "correcthorsebatterystaple",
        "iloveyouforever",
        "iloveyou1234",
        "letmein12345",
        "letmeinplease",
        "manchesterunited",
        "mypassword123",
        "mypassword1234",
        "passw0rd1234",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "princess1234",
        "qwerty123456",
        "qwerty1234567",
        "qwerty12345678",
        "qwertyqwerty",
        "sunshine1234",
        "superman1234",
        "thisisapassword",
        "trustno1trustno1",
        "welcome12345",
        "welcome123456",
        "football1234",
        "baseball1234",
        "q1w2e3r4t5y6",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "zaq12wsxcde3",
        "asdf1234asdf",
        "asdfghjkl123",
        "abcd1234abcd",
        "abc123abc123",
        "aa12345678910",
        "a123456789012",
    }
)


def check(password: str, email: str) -> None:
    """Take the password or say why not.

    Raises:
        WeakPassword: with the reason at the field `password`.
    """
    reason = _weakness(password, email)
    if reason:
        raise WeakPassword(fields={"password": reason})


def _weakness(password: str, email: str) -> LazyText | None:
    if len(password) < SHORTEST:
        return _l("Too short: use %(count)d characters or more.", count=SHORTEST)
    if len(password) > LONGEST:
        return _l("Too long: use %(count)d characters or fewer.", count=LONGEST)
    if password.casefold() in {email, email.partition("@")[0]}:
        return _l("Do not use your address as your password.")
    if _is_common(password):
        return _l("This one is among the first that anybody would try.")
    return None


def _is_common(password: str) -> bool:
    plain = "".join(sign for sign in password.casefold() if sign.isalnum())
    in_a_row = any(plain in run or plain[::-1] in run for run in _RUNS)
    return plain in _COMMON or in_a_row or len(set(password)) < _FEWEST_SIGNS


def hash_of(password: str) -> str:
    """The argon2id hash to keep; equal passwords typed on different keyboards count as equal (NFKC)."""
    return _HASHER.hash(_one_form(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether the password belongs to the kept hash; without one it takes just as long to say no."""
    try:
        return _HASHER.verify(kept or _nobodys_hash(), _one_form(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("the password of nobody")


def _one_form(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
