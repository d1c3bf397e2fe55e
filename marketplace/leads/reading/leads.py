"""One row of a file as a lead in the contract's form: values cleaned and put in their places, nothing judged."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from enum import StrEnum
from typing import Any, NamedTuple

from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import clean_text
from marketplace.leads.reading.countries import country_code
from marketplace.leads.reading.dates import Order, parse_moment
from marketplace.leads.reading.layout import Layout
from marketplace.leads.reading.targets import ANSWER, IGNORE

_META_MARKS = re.compile(r"(?:l|ag|as|c|f):(?=\d)")
_PHONE_MARK = re.compile(r"p:\s*(?=[+\d(])")
_ADDRESS = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
_CONSENT = "consent."
_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d+)?", re.ASCII)
_NETWORKS = {
    "fb": "facebook",
    "ig": "instagram",
    "facebook": "facebook",
    "instagram": "instagram",
    "msg": "messenger",
    "messenger": "messenger",
    "an": "audience_network",
}
_SOCIAL = "social"
_LINES_KEPT = frozenset({"comment", "consent.text"})
# Characters, as the API takes them: a text is cut there; what leads to one person or place is refused and never cut.
_LONGEST = {"comment": 2000, "consent.text": 2000, "user_agent": 2000, "page_url": 2000}
_LONGEST_ANSWER, _LONGEST_OTHER = 2000, 200
_NEVER_CUT = {
    "external_id": 200,
    "phone": 200,
    "email": 320,
    "social_url": 500,
    "postal_code": 20,
    "ip": 45,
    "consent.token": 2000,
}
_SEARCHED = 1000  # characters of a cell in which an address is looked for


class NoteCode(StrEnum):
    """What was done to a row that its sender may want to know."""

    MOMENT_UNREAD = "moment_unread"
    COUNTRY_UNKNOWN = "country_unknown"
    NUMBER_UNREAD = "number_unread"
    MISSING_CELLS = "missing_cells"
    EXTRA_CELLS = "extra_cells"
    CUT = "cut"
    TOO_LONG = "too_long"


class Note(NamedTuple):
    """A note on a row, about one target or, with an empty one, about the row."""

    code: NoteCode
    target: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the row can be no lead."""
        return self.code is NoteCode.TOO_LONG


def note_words(note: Note) -> str:
    """The note as a sentence in the reader's language; it never repeats a value."""
    sentences = {
        NoteCode.MOMENT_UNREAD: _("The time cannot be read."),
        NoteCode.COUNTRY_UNKNOWN: _("The country is not known and was left out."),
        NoteCode.NUMBER_UNREAD: _("The number of seconds cannot be read and was left out."),
        NoteCode.MISSING_CELLS: _("The row has fewer cells than the header."),
        NoteCode.EXTRA_CELLS: _("The row has more cells than the header; the rest was left out."),
        NoteCode.CUT: _("A very long text was cut."),
        NoteCode.TOO_LONG: _("The value is too long. Shorten it, and send the row again."),
    }
    return str(sentences[note.code])


_Notes = list[Note]


class RowReader:
    """Turns rows into leads by a mapping from column names to targets.

    Dates without a zone are read as UTC, days and months in the order of the whole file.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        layout: Layout,
        *,
        date_order: Order = "mdy",
    ) -> None:
        self._width = len(layout.headers)
        self._order: Order = date_order
        used = ((place, mapping.get(header, IGNORE)) for place, header in enumerate(layout.headers))
        self._places = [(place, target) for place, target in used if target != IGNORE]
        self._readers: dict[str, Callable[[str, str, _Notes], Any]] = {
            "external_id": lambda text, _target, _notes: _META_MARKS.sub("", text, count=1),
            "sub_id": lambda text, _target, _notes: _META_MARKS.sub("", text, count=1),
            "campaign": lambda text, _target, _notes: _META_MARKS.sub("", text, count=1),
            "phone": lambda text, _target, _notes: _PHONE_MARK.sub("", text.lstrip("'"), count=1),
            "email": lambda text, _target, _notes: _address(text),
            "country": _country,
            "fill_seconds": _seconds,
            "submitted_at": self._moment,
            "consent.at": self._moment,
        }

    def lead(self, cells: Sequence[str]) -> tuple[dict[str, Any], _Notes]:
        """The lead in the contract's form (times as RFC 3339 in UTC), and what is to be noted about the row."""
        notes = self._shape_notes(cells)
        lead: dict[str, Any] = {}
        for place, target in self._places:
            text = _cleaned(cells[place], target, notes) if place < len(cells) else ""
            if text and (value := self._read(text, target, notes)) is not None:
                _put(lead, target, value)
        _split_name(lead)
        _name_network(lead)
        return lead, notes

    def _read(self, text: str, target: str, notes: _Notes) -> Any:
        reader = self._readers.get(target)
        value = reader(text, target, notes) if reader else text
        if target not in _NEVER_CUT or len(value) <= _NEVER_CUT[target]:
            return value
        notes.append(Note(NoteCode.TOO_LONG, target))
        return None

    def _moment(self, text: str, target: str, notes: _Notes) -> str | None:
        """The lead's own time stays as it is when it cannot be read: its age must not be taken for unknown."""
        moment = parse_moment(text, self._order)
        if moment is None:
            notes.append(Note(NoteCode.MOMENT_UNREAD, target))
            return text if target == "submitted_at" else None
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _shape_notes(self, cells: Sequence[str]) -> _Notes:
        if len(cells) < self._width:
            return [Note(NoteCode.MISSING_CELLS)]
        more = len(cells) > self._width and any(cell.strip() for cell in cells[self._width :])
        return [Note(NoteCode.EXTRA_CELLS)] if more else []


def _cleaned(raw: str, target: str, notes: _Notes) -> str:
    is_answer = target.startswith(ANSWER)
    text = clean_text(raw, keep_breaks=is_answer or target in _LINES_KEPT)
    longest = _LONGEST.get(target, _LONGEST_ANSWER if is_answer else _LONGEST_OTHER)
    if len(text) <= longest or target in _NEVER_CUT:
        return text
    notes.append(Note(NoteCode.CUT, target))
    return text[:longest]


def _address(text: str) -> str:
    """The first address of a cell such as `Ann <ann@x.org>; bob@x.org`; a text without one stays as it is."""
    if "@" not in text or len(text) > _SEARCHED:
        return text
    found = _ADDRESS.search(text.removeprefix("mailto:"))
    return found[0] if found else text


def _country(text: str, target: str, notes: _Notes) -> str | None:
    code = country_code(text)
    if code is None:
        notes.append(Note(NoteCode.COUNTRY_UNKNOWN, target))
    return code


def _seconds(text: str, target: str, notes: _Notes) -> float | None:
    found = _SECONDS.fullmatch(text)
    if found:
        return float(text.replace(",", "."))
    notes.append(Note(NoteCode.NUMBER_UNREAD, target))
    return None


def _put(lead: dict[str, Any], target: str, value: Any) -> None:
    for part, prefix in (("answers", ANSWER), ("consent", _CONSENT)):
        if target.startswith(prefix):
            lead.setdefault(part, {})[target.removeprefix(prefix)] = value
            return
    lead[target] = value


def _split_name(lead: dict[str, Any]) -> None:
    """A whole name also as its first word and the rest, where the file has no parts of its own."""
    if "full_name" not in lead or "first_name" in lead or "last_name" in lead:
        return
    first, _space, rest = lead["full_name"].partition(" ")
    lead["first_name"] = first
    if rest:
        lead["last_name"] = rest


def _name_network(lead: dict[str, Any]) -> None:
    """Meta's `fb` and `ig` are networks: the channel is social, and the network is where the person came from."""
    network = _NETWORKS.get(lead["channel"].lower()) if "channel" in lead else None
    if network:
        lead["channel"] = _SOCIAL
        lead.setdefault("traffic_source", network)
