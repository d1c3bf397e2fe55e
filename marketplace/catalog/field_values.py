"""How answers are written in files and forms, read without knowing which form they came from.

Each function takes the text of one cell and returns the value, or None when it cannot be understood.
"""

import re
import unicodedata
from datetime import date

from marketplace.kit.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("yes y true t 1 on ok да д ja j oui o si s sim tak verdadero wahr vrai نعم checked agree agreed")
_NO = _words("no n false f 0 off нет н nein non nao nie falso falsch faux لا unchecked disagree declined")

_LONGEST_NUMBER = 60
_NUMBER = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_SCALE = r"[kKкКM](?![a-zA-Zа-яА-Я²2])"
_FIRST = rf"[^\d−-]*(?P<minus>[-−]\s?)?(?P<a>{_NUMBER})\s?(?P<a_scale>{_SCALE})?"
_ONE = re.compile(rf"{_FIRST}\D*")
_RANGE = re.compile(
    rf"{_FIRST}[^\d−–—-]{{0,8}}?\s*(?:-|–|—|−|\bto\b|\bbis\b|\bdo\b|\bдо\b|\ba\b)\D{{0,8}}?"
    rf"(?P<b>{_NUMBER})\s?(?P<b_scale>{_SCALE})?\D*"
)
_SCALES = {"k": 1_000, "к": 1_000, "m": 1_000_000}
_THOUSANDS = 3

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MONTHS = 12


def read_yes_no(text: str) -> bool | None:
    """Yes or no in the languages our agencies write in; anything else is None."""
    word = fold(text)
    if word in _YES:
        return True
    return False if word in _NO else None


def read_number(text: str) -> float | None:
    """A number with currency signs, units, thousands marks or `k`; a range is read as its middle.

    `1,234` is a thousand and more, `1.234` is one and a bit: a lone dot is a decimal point, a lone comma before
    exactly three digits is not.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > _LONGEST_NUMBER:
        return None
    if found := _RANGE.fullmatch(plain):
        high = _scaled(found["b"], found["b_scale"])
        low = _scaled(found["a"], found["a_scale"] or found["b_scale"])
        return ((-low if found["minus"] else low) + high) / 2
    if found := _ONE.fullmatch(plain):
        number = _scaled(found["a"], found["a_scale"])
        return -number if found["minus"] else number
    return None


def read_date(text: str) -> date | None:
    """A day as 2026-01-31, 31.01.2026 or, where only one reading is possible, 1/31/2026."""
    plain = text.strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = map(int, found.groups())
    elif found := _DOTTED.fullmatch(plain):
        day, month, year = map(int, found.groups())
    elif found := _SLASHED.fullmatch(plain):
        first, second, year = map(int, found.groups())
        if max(first, second) <= _MONTHS and first != second:
            return None
        month, day = (second, first) if first > _MONTHS else (first, second)
    else:
        return None
    return _day(year, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _scaled(digits: str, scale: str | None) -> float:
    return _plain_number(digits) * _SCALES.get((scale or "").lower(), 1)


def _plain_number(digits: str) -> float:
    """Thousands marks removed, the decimal mark as a dot."""
    bare = re.sub(r"[ '’]", "", digits)
    last = max(bare.rfind(","), bare.rfind("."))
    if last < 0:
        return float(bare)
    mark, tail = bare[last], bare[last + 1 :]
    mixed = "," in bare and "." in bare
    grouped = not mixed and (bare.count(mark) > 1 or (mark == "," and len(tail) == _THOUSANDS))
    whole = re.sub(r"[.,]", "", bare if grouped else bare[:last])
    return float(whole if grouped else f"{whole}.{tail}")
