"""What marshmallow says on its own of a wrong value, said as somebody at a form would say it.

Scripts read its own words, which list what may be chosen. Its sentences are taken from its classes, so that none of
them is written down here a second time.
"""

import re

from marshmallow import fields, validate

from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n

_FILL, _CHOOSE = _n("Fill this in."), _n("Choose one from the list.")
_RANGE = validate.Range()

#: its sentence, in braces what it fills in, and ours; a sentence stands before those that begin like it
_WORDS = {
    fields.Field.default_error_messages["required"]: _FILL,
    fields.Field.default_error_messages["null"]: _FILL,
    fields.UUID.default_error_messages["invalid_uuid"]: _n(
        "We don't recognise this ID. Copy the complete ID from its page."
    ),
    fields.Integer.default_error_messages["invalid"]: _n("Give a whole number."),
    fields.Number.default_error_messages["invalid"]: _n("Give a number."),
    fields.Boolean.default_error_messages["invalid"]: _n("Choose one of the two."),
    fields.Date.default_error_messages["invalid"]: _n("Give a day, like 2026-11-27."),
    fields.Email.default_error_messages["invalid"]: _n("Give an e-mail address, like name@example.com."),
    fields.Enum.default_error_messages["unknown"]: _CHOOSE,
    validate.OneOf.default_message: _CHOOSE,
    validate.Length.message_all: _n("Write %(min)s to %(max)s characters."),
    validate.Length.message_min: _n("Write at least %(min)s characters."),
    validate.Length.message_max: _n("Write at most %(max)s characters."),
    _RANGE.message_all: _n("Give a number from %(min)s to %(max)s."),
    _RANGE.message_min: _n("Give %(min)s or more."),
    _RANGE.message_max: _n("Give %(max)s or less."),
}


def _pattern(sentence: str) -> re.Pattern[str]:
    """Matches the sentence with anything in its braces."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(sentence)), re.DOTALL)


_PATTERNS = [(_pattern(str(sentence)), words) for sentence, words in _WORDS.items()]


def plain(message: str) -> str:
    """The same in plain words of the reader's language; a message that a schema chose itself stays as it is."""
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(message):
            return str(_(words, **{name: _readable(value) for name, value in found.groupdict().items()}))
    return message


def _readable(value: str) -> str:
    return f"{int(value):,}" if value.isdecimal() else value
