"""Countries as files write them: codes and names in the languages of our agencies, to ISO codes."""

from functools import lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from marketplace.kit.text import fold

_LANGUAGES = ("en", "es", "fr", "de", "pl", "pt", "it", "nl", "ru", "uk", "ar", "tr", "cs")
_SPOKEN = {
    "usa": "US",
    "u s a": "US",
    "u s": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "uae": "AE",
    "u a e": "AE",
    "emirates": "AE",
    "ksa": "SA",
    "holland": "NL",
    "czech republic": "CZ",
    "russia": "RU",
    "россия": "RU",
    "рф": "RU",
    "korea": "KR",
    "south korea": "KR",
    "vietnam": "VN",
    "turkey": "TR",
}
_CODES = frozenset(phonenumbers.SUPPORTED_REGIONS)
_CODE_LETTERS, _LONG_CODE_LETTERS = 2, 3


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded names of all countries in our languages; the first language wins where two countries share a name."""
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in _CODES:
                names.setdefault(fold(name), code)
    return {**names, **_SPOKEN}


def country_code(raw: str) -> str | None:
    """`France`, `FR`, `FRA`, `fr ` or `Франция` as `FR`; None for what is no country."""
    text = raw.strip()
    if len(text) == _CODE_LETTERS and text.isascii():
        code = text.upper()
        return "GB" if code == "UK" else code if code in _CODES else None
    return _names().get(fold(text)) or _of_long_code(text)


def _of_long_code(text: str) -> str | None:
    """What ISO's three letters stand for; None for a former country that is several now."""
    if len(text) != _LONG_CODE_LETTERS or not text.isalpha():
        return None
    found = [code for code in get_global("territory_aliases").get(text.upper(), ()) if code in _CODES]
    return found[0] if len(found) == 1 else None
