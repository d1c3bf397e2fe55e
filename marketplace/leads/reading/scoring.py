"""How well a column suits a target: by its name, and by what stands in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from marketplace.catalog.fields import Field
from marketplace.kit.text import fold
from marketplace.leads.reading import values
from marketplace.leads.reading.aliases import ALIASES, IGNORED, OTHERS_PEOPLE, OTHERS_THINGS
from marketplace.leads.reading.targets import ANSWER, shape_of

# Values of these are unmistakable: they can carry a column whose name says nothing, and veto one whose name lies.
_TELLING = frozenset(
    {"phone", "email", "social_url", "ip", "user_agent", "page_url", "submitted_at", "consent.at", "consent.token"}
)
_BY_VALUES_ALONE = {
    "email": 0.7,
    "phone": 0.65,
    "ip": 0.6,
    "user_agent": 0.6,
    "consent.token": 0.5,
    "submitted_at": 0.45,
}
_OF_THE_PERSON = frozenset(
    {"external_id", "first_name", "last_name", "full_name", "phone", "email", "social_url", "country", "city"}
)
_VETO = 0.3
_NAMELESS_SHARE = 0.8
_FUZZY_LEAST = 86
_FUZZY_LETTERS = 5
_PART_LEAST, _PART_MORE = 0.55, 0.4
_SHORTEST_ANSWER_WORD = 4
_IGNORED_SCORE = 0.93
_STRANGERS_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, its name folded, the values of the sample that are not empty, and their share."""

    index: int
    header: str
    folded: str
    values: tuple[str, ...]
    filled: float


def column(index: int, header: str, cells: Sequence[str]) -> Column:
    found = tuple(cell for cell in cells if cell)
    return Column(index, header, fold(header) or header.strip(), found, len(found) / len(cells) if cells else 0.0)


def ignored_score(item: Column) -> float:
    """How sure it is that the column is none of ours: an advertisement, the state of a deal, a colleague."""
    if item.folded in IGNORED:
        return _IGNORED_SCORE
    return _STRANGERS_SCORE if is_about_others(item) else 0.0


def is_about_others(item: Column) -> bool:
    words = item.folded.split()
    return not OTHERS_PEOPLE.isdisjoint(words) and item.folded not in OTHERS_THINGS


def score(item: Column, target: str, fields: Sequence[Field], default_country: str | None) -> float:
    """0 to 1: does this column hold this target?"""
    if target in _OF_THE_PERSON and (is_about_others(item) or _is_about_things(item)):
        return 0.0
    named = _answer_name_score(item, target, fields) if target.startswith(ANSWER) else _name_score(item, target)
    if not item.values:
        return named * 0.8
    fitting = share(_value_test(target, fields, default_country if not named else None), item.values)
    if target in _TELLING:
        return _telling_score(target, named, fitting)
    return named * (0.7 + 0.3 * fitting) * (0.5 if fitting < _VETO else 1.0)


def share(fits: Callable[[str], bool], found: Sequence[str]) -> float:
    """The share of the values that fit."""
    return sum(map(fits, found)) / len(found) if found else 0.0


def _telling_score(target: str, named: float, fitting: float) -> float:
    if named == 0:
        return _BY_VALUES_ALONE.get(target, 0.0) * fitting if fitting >= _NAMELESS_SHARE else 0.0
    return named * 0.35 if fitting < _VETO else 0.45 * named + 0.55 * fitting


def _is_about_things(item: Column) -> bool:
    first, *rest = item.folded.split() or [""]
    return bool(rest) and first in OTHERS_THINGS


def _value_test(target: str, fields: Sequence[Field], country: str | None) -> Callable[[str], bool]:
    """Names are told apart by their words; a phone without a telling column name must exist to be believed."""
    if target == "full_name":
        return values.is_whole_name
    if target in ("first_name", "last_name"):
        return values.is_one_name
    if target == "phone" and country:
        return lambda text: values.is_phone(text) and values.is_valid_phone(text, country)
    return shape_of(target, fields)


def _name_score(item: Column, target: str) -> float:
    return max(_alias_score(item.folded, *alias) for alias in ALIASES[target])


def _alias_score(folded: str, alias: str, weight: float, whole: bool) -> float:  # noqa: FBT001  # one row of the table
    if folded == alias:
        return weight
    if whole:
        return 0.0
    if f" {alias} " in f" {folded} ":
        return weight * (_PART_LEAST + _PART_MORE * len(alias) / len(folded))
    if min(len(alias), len(folded)) < _FUZZY_LETTERS:
        return 0.0
    likeness = fuzz.ratio(folded, alias, score_cutoff=_FUZZY_LEAST)
    return weight * 0.9 * likeness / 100


def _answer_name_score(item: Column, target: str, fields: Sequence[Field]) -> float:
    """The question of a form often contains the field's name, or the title its words."""
    field = next(field for field in fields if f"{ANSWER}{field.name}" == target)
    names = {fold(field.name), fold(field.title)}
    if item.folded in names:
        return 1.0
    words = set(item.folded.split())
    telling = [name for name in names if len(name) >= _SHORTEST_ANSWER_WORD]
    if any(words.issuperset(name.split()) for name in telling):
        return 0.85
    best = max((fuzz.token_set_ratio(item.folded, name, score_cutoff=_FUZZY_LEAST) for name in telling), default=0.0)
    return 0.75 * best / 100
