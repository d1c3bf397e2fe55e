"""A phone number: well-formed, invented, or of a kind that costs the caller money. Three answers, folded into one.

`passed` means that the format is right. Whether the line is alive is another question, which no format answers.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType, ValidationResult

from marketplace.checks.fictitious import NANP, fictitious_rule
from marketplace.checks.result import Code, Result, failed, passed, unknown
from marketplace.kit.text import clean_text

_PREFIXES = re.compile(r"^(?:p|tel|phone|mob|mobile|t|m)\s*:\s*", re.IGNORECASE)
_SECOND = re.compile(r"\s*(?:[;,|\n]|\s/\s|\bor\b)\s*")
_FLOAT = re.compile(r"(\+?\d{7,15})\.0+")
_SCIENTIFIC = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_NOT_DIGIT = re.compile(r"\D+")
_INTERNATIONAL_DIGITS = 11

_NANP_SHAPE = re.compile(r"(\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})", re.ASCII)
_NANP_REGIONS = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[NANP])
_KINDS = {value: name.lower() for name, value in vars(PhoneNumberType).items() if isinstance(value, int)}
_COSTLY = frozenset({"premium_rate"})


def _us_lines() -> re.Pattern[str]:
    """The library's own pattern of ordinary US lines, so that the short way gives the library's answer."""
    metadata = PhoneMetadata.metadata_for_region("US")
    lines = metadata.fixed_line if metadata else None
    return re.compile((lines and lines.national_number_pattern) or r"(?!)", re.ASCII)


_US_LINES = _us_lines()


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """A phone as the numbering plan sees it; `e164` is None when it cannot be dialled from abroad."""

    e164: str | None
    calling_code: int
    national: str
    valid: bool
    kind: str
    region: str
    problem: str = ""


def normalise_phone(raw: str | None, default_country: str | None) -> str | None:
    """The number in E.164 form, which is also its canonical form for finding duplicates.

    Args:
        raw: as written anywhere, also with Meta's `p:`.
        default_country: ISO code for numbers without a country code.
    """
    return read_phone(raw or "", default_country).e164


def check_phone(raw: str | None, default_country: str | None) -> Result:
    """The three answers folded: invented beats invalid, invalid beats costly."""
    if not raw or not raw.strip():
        return unknown("phone", rule="absent")
    return phone_result(read_phone(raw, default_country))


def phone_result(reading: PhoneReading) -> Result:
    """Fold the three parts of a reading into the result of the phone."""
    parts = (fictitious_part(reading), numbering_part(reading), costly_part(reading))
    worst = next((part for part in parts if part.failed), None)
    if worst is not None:
        return Result("phone", worst.outcome, worst.reason, worst.evidence, worst.method)
    return passed("phone", type=reading.kind, region=reading.region)


def numbering_part(reading: PhoneReading) -> Result:
    """Does the number exist in its country's numbering plan?"""
    if reading.valid:
        return passed("phone_numbering", type=reading.kind, region=reading.region)
    return failed("phone_numbering", Code.PHONE_INVALID, rule=reading.problem or "not_in_plan")


def fictitious_part(reading: PhoneReading) -> Result:
    """Is it a number that nobody has? This answer wins over the library's."""
    if not reading.national:
        return unknown("phone_fictitious")
    if rule := fictitious_rule(reading.calling_code, reading.national):
        return failed("phone_fictitious", Code.PHONE_FICTITIOUS, rule=rule)
    return passed("phone_fictitious")


def costly_part(reading: PhoneReading) -> Result:
    """Does calling it cost a premium?"""
    if not reading.valid:
        return unknown("phone_type")
    if reading.kind in _COSTLY:
        return failed("phone_type", Code.PHONE_PREMIUM, type=reading.kind, region=reading.region)
    return passed("phone_type", type=reading.kind)


def shown_phone(e164: str) -> str:
    """A number in the form in which people read it: +1 512-555-0147."""
    number = phonenumbers.parse(e164, None)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def read_phone(raw: str, default_country: str | None) -> PhoneReading:
    """Read one number; never raises. The first of several in a cell counts."""
    text = _plain(raw)
    country = (default_country or "").upper() or None
    return _short_way(text, country) or _long_way(text, country)


def _plain(raw: str) -> str:
    text = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
    text = _PREFIXES.sub("", clean_text(text).lstrip("'"))
    first = next((part for part in _SECOND.split(text) if part), "")
    found = _FLOAT.fullmatch(first)
    return found[1] if found else first


def _short_way(text: str, country: str | None) -> PhoneReading | None:
    """Ordinary US numbers, by the library's pattern: fifteen times faster, the same answer."""
    found = _NANP_SHAPE.fullmatch(text)
    if not found or not ((found[1] or "").startswith("+") or country in _NANP_REGIONS):
        return None
    national = f"{found[2]}{found[3]}{found[4]}"
    if not _US_LINES.fullmatch(national):
        return None
    return PhoneReading(f"+1{national}", NANP, national, valid=True, kind="fixed_line_or_mobile", region="US")


def _long_way(text: str, country: str | None) -> PhoneReading:
    if _SCIENTIFIC.fullmatch(text):
        return _unread("", "rounded_by_spreadsheet")
    own = _parse(text, country)
    if own and own.valid:
        return own
    digits = _NOT_DIGIT.sub("", text)
    bare = digits.removeprefix("00")
    if not text.startswith("+") and (len(bare) >= _INTERNATIONAL_DIGITS or bare != digits):
        abroad = _parse(f"+{bare}", None)
        if abroad and abroad.valid:
            return abroad
    if own:
        return own
    return _unread(digits, "too_short" if digits else "no_digits") if country else _unread(digits, "no_country")


def _parse(text: str, country: str | None) -> PhoneReading | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    dialable = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    valid = phonenumbers.is_valid_number(number)
    return PhoneReading(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if dialable else None,
        calling_code=number.country_code or 0,
        national=phonenumbers.national_significant_number(number),
        valid=valid,
        kind=_KINDS.get(phonenumbers.number_type(number), "unknown"),
        region=phonenumbers.region_code_for_number(number) or "",
        problem="" if dialable else "wrong_length",
    )


def _unread(digits: str, problem: str) -> PhoneReading:
    return PhoneReading(None, 0, digits, valid=False, kind="unknown", region="", problem=problem)
