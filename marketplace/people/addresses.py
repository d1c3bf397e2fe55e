"""E-mail addresses and countries as people type them, brought into one form."""

from functools import cache

from babel import Locale
from email_validator import EmailNotValidError, validate_email

from marketplace.kit.i18n import locale_code
from marketplace.kit.schemas import TERRITORIES
from marketplace.kit.text import fold

_MOST = 254

#: codes of CLDR that are no countries: unions, outlying pieces, placeholders
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


def clean_email(text: str) -> str:
    """The address in lower case, its domain in Unicode. The reserved domain `.test` passes: the demo lives there.

    Raises:
        ValueError: it is not an address.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("not an address") from error
    clean = found.normalized.lower()
    if len(clean) > _MOST or "." not in found.ascii_domain:
        raise ValueError("not an address")
    return clean


def is_country(code: str) -> bool:
    """Whether the code is a country of ISO 3166, two capital letters."""
    return code in _names("en")


def countries() -> list[tuple[str, str]]:
    """Codes and names of all countries, by name in the reader's language."""
    return sorted(_names(locale_code()).items(), key=lambda pair: fold(pair[1]))


@cache
def _names(locale: str) -> dict[str, str]:
    names: dict[str, str] = dict(Locale.parse(locale).territories)
    return {code: names[code] for code in TERRITORIES - _NO_COUNTRIES if code in names}
