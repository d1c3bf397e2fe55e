"""The first proposal: which column fills which field, how sure that is, and what a person should look at."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from marketplace.catalog.fields import Field
from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import clean_text
from marketplace.leads.reading import values
from marketplace.leads.reading.dates import DateOrder, decide_order
from marketplace.leads.reading.known import layout_name
from marketplace.leads.reading.scoring import Column, column, ignored_score, is_about_others, score, share
from marketplace.leads.reading.targets import ANSWER, IGNORE, PHONE_MARK, targets, test_of

AMBER = 0.75  # below it the page asks a person to look
_LEAST = 0.35
_SAMPLE_ROWS = 60
_KNOWN_BONUS = 0.05
_SUREST = 0.99
_EMPTY_COLUMN = 0.7
_MOSTLY = 0.6
_UNKNOWN_COLUMN, _SPARE_COLUMN = 0.6, 0.65
_MOMENTS = frozenset({"submitted_at", "consent.at"})
_META_PLATFORMS = frozenset({"fb", "ig", "facebook", "instagram", "msg", "an"})
_CHANNEL_OF_META = 0.7
_WEIGHTS = {"phone": 2.0, "email": 2.0, "full_name": 2.0, "first_name": 1.5, "last_name": 1.5}


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column becomes.

    Attributes:
        fit: the share of the sample's values that suit the target, 1.0 when the column is left out.
        confidence: 0 to 1, about the target and not about the values.
        note: what happens to the values, or why to look, in words; often empty.
    """

    index: int
    header: str
    target: str
    fit: float
    confidence: float
    note: str = ""

    @property
    def doubtful(self) -> bool:
        return self.confidence < AMBER


@dataclass(frozen=True, slots=True)
class MappingGuess:
    """All columns, the confidence in the whole, the name of a known export, and the order of day and month."""

    columns: tuple[ColumnGuess, ...]
    confidence: float
    layout_name: str | None
    date_order: DateOrder

    @property
    def mapping(self) -> dict[str, str]:
        """Column name to target, as a person corrects it."""
        return {guess.header: guess.target for guess in self.columns}

    def to_json(self) -> dict[str, Any]:
        return {
            "mapping": self.mapping,
            "confidence": self.confidence,
            "layout_name": self.layout_name,
            "date_order": self.date_order.order,
            "columns": [{**asdict(guess), "doubtful": guess.doubtful} for guess in self.columns],
        }


def guess_mapping(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    fields: Sequence[Field] = (),
    default_country: str | None = None,
) -> MappingGuess:
    """Match the columns with the fields of a lead by their names and by the values of the first rows.

    Each target is filled by at most one column; a column that suits none, or belongs to a colleague, is left out.
    """
    sample = [[clean_text(cell) for cell in row] for row in rows[:_SAMPLE_ROWS]]
    items = [column(i, name, [row[i] for row in sample if i < len(row)]) for i, name in enumerate(headers)]
    known = layout_name(headers)
    scores = {item.index: _scores(item, fields, default_country) for item in items}
    chosen = _with_names_settled(_assigned(scores, items), items)
    guesses = tuple(
        _filled(item, chosen[item.index], fields, default_country, bonus=_KNOWN_BONUS if known else 0.0)
        if item.index in chosen
        else _left_out(item, scores[item.index])
        for item in items
    )
    dates = [value for guess in guesses if guess.target in _MOMENTS for value in items[guess.index].values]
    return MappingGuess(guesses, _overall(guesses), known, decide_order(dates, default_country))


def _scores(item: Column, fields: Sequence[Field], default_country: str | None) -> dict[str, float]:
    """The targets that are worth a thought; none where the column is better left out."""
    every = {target: score(item, target, fields, default_country) for target in targets(fields) if target != IGNORE}
    least = max(_LEAST, ignored_score(item))
    return {target: points for target, points in every.items() if points >= least}


def _assigned(scores: dict[int, dict[str, float]], items: Sequence[Column]) -> dict[int, tuple[str, float]]:
    """The best pairs first, each column and each target once; between rivals the fuller column wins."""
    pairs = [(points, index, target) for index, found in scores.items() for target, points in found.items()]
    pairs.sort(key=lambda pair: (-pair[0] * (_EMPTY_COLUMN + (1 - _EMPTY_COLUMN) * items[pair[1]].filled), pair[1]))
    chosen: dict[int, tuple[str, float]] = {}
    for points, index, target in pairs:
        if index not in chosen and target not in {name for name, _points in chosen.values()}:
            chosen[index] = (target, points)
    return chosen


def _with_names_settled(chosen: dict[int, tuple[str, float]], items: Sequence[Column]) -> dict[int, tuple[str, float]]:
    """A lone “name” holds whole names or first names: its values say which, and a column of last names beside it."""
    places = {target: index for index, (target, _points) in chosen.items()}
    names = places.keys() & {"first_name", "last_name", "full_name"}
    for target, other, alone in (("first_name", "full_name", True), ("full_name", "first_name", False)):
        if target not in names or other in names or ("last_name" in names) is alone:
            continue
        index = places[target]
        if (share(values.is_whole_name, items[index].values) >= _MOSTLY) is alone:
            chosen = {**chosen, index: (other, chosen[index][1])}
    return chosen


def _filled(
    item: Column, choice: tuple[str, float], fields: Sequence[Field], default_country: str | None, *, bonus: float
) -> ColumnGuess:
    target, points = choice
    fit = share(test_of(target, fields, default_country), item.values)
    confidence = min(_SUREST, points + bonus)
    note = _note(target, item, fields)
    if target == "channel" and {value.lower() for value in item.values} & _META_PLATFORMS:
        confidence, note = _CHANNEL_OF_META, _("fb and ig are read as the channel “social”")
    elif item.values and fit < _MOSTLY:
        confidence, note = confidence * 0.8, note or _("many values do not fit")
    return ColumnGuess(item.index, item.header, target, round(fit, 3), round(confidence, 2), note)


def _note(target: str, item: Column, fields: Sequence[Field]) -> str:
    """What is done to the values on the way in."""
    kinds = {f"{ANSWER}{field.name}": field.kind for field in fields}
    if target == "phone" and any(value.startswith(PHONE_MARK) for value in item.values):
        return str(_("the mark “p:” is taken off"))
    if kinds.get(target) == "number" and not all(map(values.is_number, item.values)):
        return str(_("ranges are read as their middle"))
    if kinds.get(target) == "yes_no":
        return str(_("read as yes and no"))
    return ""


def _left_out(item: Column, scores: dict[str, float]) -> ColumnGuess:
    known = ignored_score(item)
    if known:
        note = _("about a colleague, not about the person") if is_about_others(item) else ""
        return ColumnGuess(item.index, item.header, IGNORE, 1.0, known, note)
    if not item.values:
        return ColumnGuess(item.index, item.header, IGNORE, 1.0, _SUREST, _("empty"))
    if scores:
        return ColumnGuess(item.index, item.header, IGNORE, 1.0, _SPARE_COLUMN, _("another column fills this field"))
    return ColumnGuess(item.index, item.header, IGNORE, 1.0, _UNKNOWN_COLUMN, _("no field is called like this"))


def _overall(guesses: Sequence[ColumnGuess]) -> float:
    """The mean over the filled fields, names and channels counting more; low without a name or any channel."""
    filled = [guess for guess in guesses if guess.target != IGNORE]
    if not filled:
        return 0.0
    weights = [_WEIGHTS.get(guess.target, 1.0) for guess in filled]
    mean = sum(weight * guess.confidence for weight, guess in zip(weights, filled, strict=True)) / sum(weights)
    found = {guess.target for guess in filled}
    reachable = 1.0 if found & {"phone", "email", "social_url"} else 0.4
    named = 1.0 if found & {"full_name", "first_name", "last_name"} else 0.7
    return round(mean * reachable * named, 2)
