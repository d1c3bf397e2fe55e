"""The fields of a vertical: what an agency tells about a lead, how it is read, what a buyer sees beforehand."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, get_args

from marketplace.catalog.field_values import read_date, read_number, read_yes_no
from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import clean_text, fold

FieldKind = Literal["text", "choice", "multi", "number", "yes_no", "date"]
Preview = Literal["exact", "band", "hidden"]
Value = str | int | float | bool | list[str]

LONGEST_TEXT = 2000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_BETWEEN = re.compile(r"[;,|\n]")


class FieldInvalid(ValueError):  # it says what is the case, like every refusal here
    """An answer that does not fit its field; `message` says in words what would."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a choice: stored by `value`, shown by `label`, also understood by its `aliases`."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset(fold(text) for text in (self.value, self.label, *self.aliases))


@dataclass(frozen=True)
class Field:
    """One question of a vertical; its title and labels are translated where they are shown.

    `bands` are rising limits: a number of 120 with bands (100, 200) is previewed as `100–200`; a date in bands by its
    month. Free text is never previewed, whatever it says.
    """

    name: str
    title: str
    kind: FieldKind
    required: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    preview: Preview = "hidden"
    bands: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        if problem := _problem(self):
            raise ValueError(f"field {self.name!r}: {problem}")

    def parse(self, raw: object) -> Value:
        """The answer as it is stored: text, a choice's value, a list of values, a number, a truth or an ISO day.

        Raises:
            FieldInvalid: empty, or not an answer to this question.
        """
        if is_blank(raw):
            raise FieldInvalid(_("Fill in “%(title)s”.", title=_(self.title)))
        if self.kind == "multi":
            return self._parse_multi(raw)
        if isinstance(raw, (list, tuple, dict, set)):
            raise FieldInvalid(_("“%(title)s” takes one answer.", title=_(self.title)))
        return _PARSERS[self.kind](self, raw)

    def preview_of(self, value: Value | None) -> Value | None:
        """What a buyer sees before purchase; None when it stays hidden."""
        if value is None or self.preview == "hidden" or self.kind == "text":
            return None
        return value if self.preview == "exact" else self._band(value)

    def label_of(self, value: Value) -> str:
        """The stored value in words for a page."""
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        labels = {choice.value: str(_(choice.label)) for choice in self.choices}
        if isinstance(value, list):
            return ", ".join(labels.get(item, item) for item in value)
        text: str = labels.get(str(value), str(value))
        return f"{text} {self.unit}".strip()

    def to_json(self) -> dict[str, Any]:
        """The field as plain data, for the database."""
        given = {name: getattr(self, name) for name in _PLAIN}
        plain = {
            name: value for name, value in given.items() if value is not None and value is not False and value != ""
        }
        choices = [{"value": c.value, "label": c.label, "aliases": list(c.aliases)} for c in self.choices]
        lists = {"bands": list(self.bands), "choices": choices}
        return {**plain, **{name: value for name, value in lists.items() if value}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Field":
        """The reverse of `to_json`; a ValueError or TypeError for anything else."""
        choices = tuple(Choice(c["value"], c["label"], tuple(c.get("aliases", ()))) for c in data.get("choices", ()))
        plain = {key: value for key, value in data.items() if key not in ("choices", "bands")}
        return cls(**plain, choices=choices, bands=tuple(data.get("bands", ())))

    @cached_property
    def _by_spelling(self) -> dict[str, str]:
        """The folded spellings, and the stored values and labels as they are, which most files hold."""
        exact = {text: choice.value for choice in self.choices for text in (choice.value, choice.label)}
        return exact | {spelling: choice.value for choice in self.choices for spelling in choice.spellings}

    def _parse_text(self, raw: object) -> str:
        text = clean_text(str(raw), keep_breaks=True)
        if not text or len(text) > LONGEST_TEXT:
            raise FieldInvalid(_("“%(title)s” takes 1 to %(most)s characters.", title=_(self.title), most=LONGEST_TEXT))
        return text

    def _parse_choice(self, raw: object) -> str:
        text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)
        value = self._by_spelling.get(text) or self._by_spelling.get(fold(text))
        if value is None:
            allowed = ", ".join(_(choice.label) for choice in self.choices)
            raise FieldInvalid(_("“%(title)s” must be one of: %(allowed)s.", title=_(self.title), allowed=allowed))
        return value

    def _parse_multi(self, raw: object) -> list[str]:
        items: Iterable[object] = raw if isinstance(raw, (list, tuple, set)) else self._split(str(raw))
        chosen = {self._parse_choice(item) for item in items}
        return [choice.value for choice in self.choices if choice.value in chosen]

    def _split(self, text: str) -> list[str]:
        if fold(text) in self._by_spelling:
            return [text]
        return [plain for part in _BETWEEN.split(text) if (plain := part.strip())]

    def _parse_number(self, raw: object) -> int | float:
        number = read_number(raw) if isinstance(raw, str) else _number(raw)
        if number is None or not math.isfinite(number):
            raise FieldInvalid(_("“%(title)s” takes a number.", title=_(self.title)))
        if self.minimum is not None and number < self.minimum:
            raise FieldInvalid(_("“%(title)s” is below %(least)s.", title=_(self.title), least=_plain(self.minimum)))
        if self.maximum is not None and number > self.maximum:
            raise FieldInvalid(_("“%(title)s” is above %(most)s.", title=_(self.title), most=_plain(self.maximum)))
        return int(number) if number.is_integer() else number

    def _parse_yes_no(self, raw: object) -> bool:
        answer = raw if isinstance(raw, bool) else read_yes_no(str(raw))
        if answer is None:
            raise FieldInvalid(_("“%(title)s” takes yes or no.", title=_(self.title)))
        return answer

    def _parse_date(self, raw: object) -> str:
        day = read_date(str(raw))
        if day is None:
            raise FieldInvalid(_("“%(title)s” takes a day written like 2026-01-31.", title=_(self.title)))
        return day.isoformat()

    def _band(self, value: Value) -> str | None:
        if self.kind == "date":
            return str(value)[:7]
        if isinstance(value, (str, list)):
            return None
        edges = [-math.inf, *self.bands, math.inf]
        low, high = next(pair for pair in pairwise(edges) if pair[0] <= value < pair[1])
        if math.isinf(low):
            return f"<{_plain(high)}"
        return f"≥{_plain(low)}" if math.isinf(high) else f"{_plain(low)}–{_plain(high)}"


_PLAIN = ("name", "title", "kind", "required", "minimum", "maximum", "unit", "preview")
_PARSERS: dict[str, Callable[[Field, object], Value]] = {
    "text": Field._parse_text,  # noqa: SLF001  # the table belongs to the class
    "choice": Field._parse_choice,  # noqa: SLF001
    "number": Field._parse_number,  # noqa: SLF001
    "yes_no": Field._parse_yes_no,  # noqa: SLF001
    "date": Field._parse_date,  # noqa: SLF001
}


def is_blank(raw: object) -> bool:
    """Nothing was answered: None, an empty list, or only white space."""
    return raw is None or raw in ([], ()) or (isinstance(raw, str) and not raw.strip())


def json_schema(fields: Sequence[Field]) -> dict[str, Any]:
    """A vertical's answers as a JSON Schema object (2020-12): unknown answers are refused."""
    return {
        "type": "object",
        "properties": {item.name: _schema_of(item) for item in fields},
        "required": [item.name for item in fields if item.required],
        "additionalProperties": False,
    }


def _schema_of(item: Field) -> dict[str, Any]:
    values = [choice.value for choice in item.choices]
    kinds: dict[FieldKind, dict[str, Any]] = {
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        "choice": {"type": "string", "enum": values, "x-labels": {c.value: str(_(c.label)) for c in item.choices}},
        "multi": {"type": "array", "items": {"type": "string", "enum": values}, "minItems": 1, "uniqueItems": True},
        "number": {"type": "number"},
        "yes_no": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
    }
    limits = {"minimum": item.minimum, "maximum": item.maximum, "x-unit": item.unit or None}
    given = {key: value for key, value in limits.items() if value is not None}
    return {"title": str(_(item.title)), **kinds[item.kind], **given, "x-preview": item.preview}


def _problem(item: Field) -> str | None:
    """Why this cannot be a field, in words for whoever writes the vertical."""
    spellings = [spelling for choice in item.choices for spelling in choice.spellings]
    clashes = len(spellings) != len(set(spellings))
    complaints = {
        "its name is a lower-case word": not _NAME.fullmatch(item.name),
        "its kind is unknown": item.kind not in get_args(FieldKind),
        "its preview is unknown": item.preview not in get_args(Preview),
        "free text is never previewed": item.kind == "text" and item.preview != "hidden",
        "a choice needs choices": (item.kind in ("choice", "multi")) != bool(item.choices),
        "two choices are spelled alike": clashes,
        "bands rise": list(item.bands) != sorted(set(item.bands)),
        "only numbers need bands, and need them to be shown so": (item.kind == "number" and item.preview == "band")
        != bool(item.bands),
        "only numbers and dates have bands": item.preview == "band" and item.kind not in ("number", "date"),
    }
    return next((words for words, wrong in complaints.items() if wrong), None)


def _number(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return None
    try:
        return float(raw)
    except OverflowError:  # a whole number beyond every float
        return None


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
