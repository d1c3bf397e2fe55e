"""What a cell looks like, whatever its column is called."""

import ipaddress
import re
from urllib.parse import urlsplit

from marketplace.checks.contact import is_profile_link
from marketplace.checks.email import read_email
from marketplace.checks.phone import read_phone
from marketplace.leads.reading.countries import country_code
from marketplace.leads.reading.dates import parse_moment

_PHONE = re.compile(r"(?:p:)?\s*(?:\+|00)?\(?\d[\d\s().\-/\u00a0]{5,20}\d(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.IGNORECASE)
_PHONE_DIGITS = range(7, 16)
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\s.,'’()\-–&/])*")
_POSTAL = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 -]{1,9}")
_AGENT = re.compile(r"(?:mozilla|opera|dalvik|okhttp|curl|python)[\w-]*/\d", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?i:https?://cert\.trustedform\.com/\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,64})"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_REFERENCE = re.compile(r"[\w:.#/-]{1,80}")
_LONG_NUMBER = re.compile(r"\w{0,3}:?\d{9,}")
_CONTACT = re.compile(r"[^\s@]@+(?!example\.)\w|\+\d{9}")  # `E-mail (name@example.com)` may be a column's name
_AMOUNT = re.compile(r"\d{1,8}|\d+\.\d{1,4}")
_SENTENCE_WORDS = 5
_MOST_NAME_WORDS = 6
_LONGEST_NAME = 80


def is_email(text: str) -> bool:
    return "@" in text and read_email(text.removeprefix("mailto:")).valid


def is_phone(text: str) -> bool:
    """Written like a phone, also a fictitious or a local one; not a day."""
    if not _PHONE.fullmatch(text) or _DAY.fullmatch(text):
        return False
    return sum(sign.isdigit() for sign in text) in _PHONE_DIGITS


def is_valid_phone(text: str, country: str | None) -> bool:
    return read_phone(text, country).valid


def is_moment(text: str) -> bool:
    return parse_moment(text) is not None


def is_link(text: str) -> bool:
    if not text.lower().startswith(("http://", "https://", "www.")):
        return False
    try:
        return bool(urlsplit(text).netloc or text)
    except ValueError:
        return False


def is_social(text: str) -> bool:
    return ("." in text and is_profile_link(text)) and " " not in text


def is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_agent(text: str) -> bool:
    return _AGENT.match(text) is not None


def is_country(text: str) -> bool:
    return country_code(text) is not None


def is_postal(text: str) -> bool:
    return _POSTAL.fullmatch(text) is not None


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def is_sentence(text: str) -> bool:
    return len(text.split()) >= _SENTENCE_WORDS


def is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text) is not None


def is_words(text: str) -> bool:
    """Letters and the signs that stand between them in names of people and places."""
    return len(text) <= _LONGEST_NAME and _WORDS.fullmatch(text) is not None


def is_one_name(text: str) -> bool:
    return is_words(text) and len(text.split()) <= 2  # noqa: PLR2004  # Mary Ann


def is_whole_name(text: str) -> bool:
    """A first and a last name in one cell."""
    return is_words(text) and 2 <= len(text.split()) <= _MOST_NAME_WORDS  # noqa: PLR2004


def is_label(text: str) -> bool:
    """A short text of any kind."""
    return 0 < len(text) <= 200  # noqa: PLR2004


def holds_contact(text: str) -> bool:
    """An address or an international number stands anywhere in the text, well-formed or not."""
    return _CONTACT.search(text) is not None


def may_reach_somebody(text: str) -> bool:
    """An address or a number that could be dialled; an amount is none."""
    plain = text.strip()
    return holds_contact(plain) or (is_phone(plain) and not _AMOUNT.fullmatch(plain))


def looks_like_data(text: str) -> bool:
    """No column is named like this: an address, a number, a moment."""
    plain = text.strip()
    return (
        is_email(plain)
        or is_phone(plain)
        or holds_contact(plain)
        or is_link(plain)
        or _DAY.match(plain) is not None
        or _LONG_NUMBER.fullmatch(plain) is not None
    )
