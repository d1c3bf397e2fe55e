"""What marshmallow says on its own of a wrong value, said as somebody at a form would say it."""

import re

from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n

_ALONE = {
    "Missing data for required field.": _n("Fill this in."),
    "Field may not be null.": _n("Fill this in."),
    "Not a valid UUID.": _n("This is no number of ours. Copy it whole from the page of what you mean."),
    "Not a valid integer.": _n("Give a whole number."),
    "Not a valid number.": _n("Give a number."),
    "Not a valid boolean.": _n("Choose one of the two."),
    "Not a valid date.": _n("Give a day, like 2026-11-27."),
    "Not a valid email address.": _n("Give an e-mail address, like name@example.com."),
}
#: with the numbers that each carries
_COUNTED = {
    r"Length must be between (?P<least>\d+) and (?P<most>\d+)\.": _n("Write %(least)s to %(most)s characters."),
    r"Shorter than minimum length (?P<least>\d+)\.": _n("Write at least %(least)s characters."),
    r"Longer than maximum length (?P<most>\d+)\.": _n("Write at most %(most)s characters."),
    r"Must be greater than or equal to (?P<least>\d+) and less than or equal to (?P<most>\d+)\.": _n(
        "Give a number from %(least)s to %(most)s."
    ),
    r"Must be greater than or equal to (?P<least>\d+)\.": _n("Give %(least)s or more."),
    r"Must be less than or equal to (?P<most>\d+)\.": _n("Give %(most)s or less."),
    r"Must be one of: .*": _n("Choose one from the list."),
}


def plain(message: str) -> str:
    """The same in plain words of the reader's language; a message that a schema chose itself stays as it is."""
    if message in _ALONE:
        return str(_(_ALONE[message]))
    for pattern, words in _COUNTED.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return str(_(words, **{name: f"{int(number):,}" for name, number in found.groupdict().items()}))
    return message
