"""Moments as files write them, read to UTC; whether the month or the day comes first is decided once for the file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from marketplace.kit.text import listed

Order = Literal["mdy", "dmy"]

_MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"})
_MONTHS = {name: month for month, name in enumerate(listed("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"), start=1)}
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[,T ]+(.+))?")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:[,T ]+(.+))?")
_DAY_NAMED = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?:,? (?:at )?(.+))?"
)
_MONTH_NAMED = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? (?:at )?(.+))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)? ?([ap]\.?m\.?)? ?(z|utc|gmt|[+-]\d{2}:?\d{2})?")
_UNIX = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
_ZONE_WORD = re.compile(r" ?(?:UTC|GMT)$", re.IGNORECASE)
_TIGHT_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

_SECONDS_DIGITS = 10
_SERIAL_START = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of spreadsheets
_CENTURY = 2000
_NOON = 12


@dataclass(frozen=True, slots=True)
class DateOrder:
    """Month or day first; `sure` when the values themselves leave no other reading."""

    order: Order
    sure: bool


def decide_order(values: Iterable[str], default_country: str | None) -> DateOrder:
    """One order for all dates of a file: a number above twelve tells, else the country's custom."""
    month_first = day_first = 0
    for value in values:
        found = _NUMERIC.fullmatch(value.strip())
        if found and found[2] != ".":
            day_first += int(found[1]) > _NOON
            month_first += int(found[3]) > _NOON
    if month_first != day_first:
        return DateOrder("mdy" if month_first > day_first else "dmy", sure=not (month_first and day_first))
    custom: Order = "mdy" if (default_country or "US").upper() in _MONTH_FIRST else "dmy"
    return DateOrder(custom, sure=False)


def parse_moment(raw: str, order: Order = "mdy") -> datetime | None:
    """The moment in UTC; a time without a zone is read as UTC. None for what is no moment."""
    text = " ".join(raw.split())
    try:
        return _iso(text) or _numbers(text) or _written(text.lower(), order)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    if not _TIGHT_ISO.match(text):
        return None
    try:
        moment = datetime.fromisoformat(_ZONE_WORD.sub("Z", text))
    except ValueError:
        return _timed(text[:10].replace("-", "/"), text[10:].strip(" T").lower())
    return _utc(moment)


def _numbers(text: str) -> datetime | None:
    """Unix seconds or milliseconds, or the day number of a spreadsheet."""
    if _UNIX.fullmatch(text):
        whole = text.partition(".")[0]
        return datetime.fromtimestamp(int(whole) / (1 if len(whole) == _SECONDS_DIGITS else 1000), tz=UTC)
    if _SERIAL.fullmatch(text):
        return (_SERIAL_START + timedelta(days=float(text))).replace(microsecond=0)
    return None


def _written(text: str, order: Order) -> datetime | None:
    if found := _NUMERIC.fullmatch(text):
        first, second, year = found[1], found[3], found[4]
        month, day = (first, second) if order == "mdy" and found[2] != "." else (second, first)
        if int(month) > _NOON >= int(day):
            month, day = day, month
        return _timed(f"{_full_year(year)}/{month}/{day}", found[5])
    if found := _YEAR_FIRST.fullmatch(text):
        return _timed(f"{found[1]}/{found[3]}/{found[4]}", found[5])
    if found := _DAY_NAMED.fullmatch(text):
        return _timed(f"{found[3]}/{_MONTHS.get(found[2][:3], 0)}/{found[1]}", found[4])
    if found := _MONTH_NAMED.fullmatch(text):
        return _timed(f"{found[3]}/{_MONTHS.get(found[1][:3], 0)}/{found[2]}", found[4])
    return None


def _full_year(year: str) -> int:
    return int(year) if len(year) > 2 else _CENTURY + int(year)  # noqa: PLR2004  # two digits


def _timed(day: str, clock: str | None) -> datetime | None:
    """`2026/1/31` and an optional `2:30 pm +01:00`."""
    year, month, date = map(int, day.split("/"))
    if not clock:
        return datetime(year, month, date, tzinfo=UTC)
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        return None
    hour = int(found[1])
    if half := found[4]:
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    zone = _zone(found[5] or "")
    return _utc(datetime(year, month, date, hour, int(found[2]), int(found[3] or 0), tzinfo=UTC) - zone)


def _zone(text: str) -> timedelta:
    if not text or text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if text[0] == "-" else offset


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
