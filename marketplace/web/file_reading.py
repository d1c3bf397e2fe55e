"""How a file is read, as chips that can be changed: encoding, delimiter, header, dates, the country of its phones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from marshmallow import Schema, fields, validate

from marketplace.kit.forms import Sent, read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code, ngettext
from marketplace.kit.schemas import TERRITORIES, Country
from marketplace.leads.reading import DELIMITERS, ENCODINGS
from marketplace.web.file_words import Options, delimiter, encoding

_HEADERS_OFFERED = 5


class _Delimiter(fields.String):
    """A sign by its number (`u0009`): a tab in a form would be lost as white space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = str(super()._deserialize(value, attr, data, **kwargs)).removeprefix("u")
        try:
            return chr(int(code, 16))
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error


class ReadingForm(Schema):
    """What the chips send; each is optional."""

    encoding = fields.String(validate=validate.Length(1, 40))
    delimiter = _Delimiter()
    header_row = fields.Integer(validate=validate.Range(0, 1000))
    default_country = Country()
    date_order = fields.String(validate=validate.OneOf(["mdy", "dmy"]))


@dataclass(frozen=True, slots=True)
class Chip:
    """One way in which the file is read: what it is now, and what else it could be as (value, words, note)."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str, str]]

    @property
    def shown(self) -> str:
        return next((words for value, words, _note in self.options if value == self.value), self.value)


def reading_of(guess: Mapping[str, Any], sent: Sent) -> dict[str, Any]:
    """What the chips say about how the file is read: only what differs from how it is read now.

    Raises:
        Invalid: with the message of each chip.
    """
    told: dict[str, Any] = read_form(ReadingForm(), sent)
    return {name: value for name, value in told.items() if value != guess[name]}


def chips_of(guess: Mapping[str, Any]) -> list[Chip]:
    """The chips above the columns."""
    layout = guess["layout"]
    orders = [("mdy", _("month first"), "12/31/2026"), ("dmy", _("day first"), "31/12/2026")]
    return [
        Chip("encoding", _("Encoding"), layout["encoding"], _encodings(layout)),
        Chip("delimiter", _("Delimiter"), _code(layout["delimiter"]), _delimiters(layout)),
        Chip("header_row", _("Header"), str(layout["header_row"]), _header_rows(layout)),
        Chip("date_order", _("Dates"), guess["date_order"], orders),
    ]


def countries() -> Options:
    """Every country in the reader's language, by its code."""
    names = Locale.parse(locale_code()).territories
    return sorted(((code, names[code]) for code in TERRITORIES), key=lambda item: item[1])


def _encodings(layout: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The one in use, then what else the bytes could be, best first."""
    order = dict.fromkeys([layout["encoding"], *layout["other_encodings"], *ENCODINGS])
    note = _("sure") if layout["sure"] else _("a guess")
    return [(name, encoding(name), note if name == layout["encoding"] else "") for name in order]


def _delimiters(layout: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    columns = ngettext("%(count)s column", "%(count)s columns", len(layout["headers"]), count=len(layout["headers"]))
    order = dict.fromkeys([layout["delimiter"], *DELIMITERS])
    return [(_code(sign), delimiter(sign), columns if sign == layout["delimiter"] else "") for sign in order]


def _header_rows(layout: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    offered = sorted({*range(1, _HEADERS_OFFERED + 1), layout["header_row"]} - {0})
    rows = [(str(number), _("row %(number)s", number=number), "") for number in offered]
    return [*rows, ("0", _("none"), _("columns get numbers"))]


def _code(sign: str) -> str:
    return f"u{ord(sign):04x}"
