"""Does the name look like one? A light reason at most: names of the world do not fit a pattern, so it never blocks."""

import re
import unicodedata

from marketplace.checks.result import Code, Result, failed, passed, unknown
from marketplace.kit.text import fold, listed

_PLACEHOLDERS = frozenset(
    listed(
        "test|tester|testing|test test|test user|asdf|qwerty|unknown|none|null|n a|na|no name|noname|name"
        "|anonymous|anon"
        "|first last|first name|last name|full name|xxx|abc|aaa|lead|customer|user|guest|admin|fake name"
        "|тест|неизвестно"
        "|имя|brak|nieznany|desconocido|prueba|unbekannt|inconnu|donald duck|mickey mouse"
    )
)
_KEYBOARD = ("asdf", "qwer", "zxcv", "hjkl", "йцук", "фыва", "azerty")
_LINK = re.compile(r"https?:|www\.|@|\.(?:com|net|org|ru|io|xyz)\b", re.IGNORECASE)
_VOWELS = frozenset("aeiouyäöü")
_LONGEST = 100
_REPEATED = 4
_SAYABLE = 5  # a Latin word of this length has a vowel


def full_name(first: str, last: str, full: str) -> str:
    """The one name of the parts that were given."""
    return full or " ".join(part for part in (first, last) if part)


def check_name(name: str | None) -> Result:
    """A plausible name passes; a placeholder, a link or a row of keys does not."""
    if not name or not name.strip():
        return unknown("name", rule="absent")
    if rule := _implausible(unicodedata.normalize("NFKC", name)):
        return failed("name", Code.NAME_IMPLAUSIBLE, method="pattern", rule=rule)
    return passed("name", method="pattern")


def _implausible(name: str) -> str | None:
    words = fold(name)
    letters = words.replace(" ", "")
    rules = {
        "link": _LINK.search(name) is not None,
        "no_letters": not any(sign.isalpha() for sign in letters),
        "placeholder": words in _PLACEHOLDERS,
        "digits": sum(sign.isdigit() for sign in letters) * 2 >= len(letters),
        "repeated_letter": re.search(rf"(\w)\1{{{_REPEATED - 1},}}", letters) is not None,
        "keyboard_row": any(row in letters for row in _KEYBOARD),
        "no_vowel": any(_unsayable(word) for word in words.split()),
        "too_long": len(name) > _LONGEST,
    }
    return next((rule for rule, holds in rules.items() if holds), None)


def _unsayable(word: str) -> bool:
    return len(word) >= _SAYABLE and word.isascii() and word.isalpha() and not _VOWELS & set(word)
