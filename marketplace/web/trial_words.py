"""A trial of the conversion score in the shapes of its pages: what is asked, and what was found, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality import trials
from marketplace.quality.conversion import Leak, LeakSign
from marketplace.quality.measures import Bin, Measures, wilson
from marketplace.quality.reliability import Line
from marketplace.quality.trials import ConversionTrial
from marketplace.quality.trials.errors import FAILURES
from marketplace.web.shapes import number

STEPS: Mapping[str, LazyText] = {
    "leaks": _l("Looking for columns that know the future"),
    "learning": _l("Learning from the older leads"),
    "judging": _l("Judging the others"),
}
_UNUSED: Mapping[str, LazyText] = {
    "empty": _l("it is empty"),
    "constant": _l("it has the same value everywhere"),
    "names": _l("nearly every lead has a different value"),
}
_SURE = 1.96
_TOO_SURE, _TOO_TIMID = 0.7, 1.4


@dataclass(frozen=True, slots=True)
class Question:
    """The form: outcomes in groups, columns of time, and one line a column."""

    outcomes: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    bought: str
    orders: Sequence[tuple[str, str]]
    order: str
    columns: Sequence[Mapping[str, Any]]
    ticked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """The page of the result. `best`, `all`: (leads, bought, low, high), the share's 80 % interval from 0 to 1."""

    told: Mapping[str, Any]
    measures: Measures
    lines: Sequence[Line]
    leaks: Sequence[Leak]
    unused: Sequence[tuple[str, str]]
    best: tuple[int, int, float, float]
    all: tuple[int, int, float, float]

    @property
    def is_signal(self) -> bool:
        return bool(self.told["signal"])

    @property
    def auc_between(self) -> tuple[float, float]:
        """The 95 % interval."""
        reach = _SURE * self.measures.auc_error
        return max(0.0, self.measures.auc - reach), min(1.0, self.measures.auc + reach)

    @property
    def slope_words(self) -> str:
        slope = self.measures.slope
        if slope <= 0:
            return str(_("the ranking is the wrong way round"))
        if slope < _TOO_SURE:
            return str(_("it is overconfident"))
        return str(_("it is too cautious") if slope > _TOO_TIMID else _("about right; 1 is perfect"))


def failure_words(row: ConversionTrial) -> str:
    return str(FAILURES.get(row.failure or "", _("It was thrown away. The file is removed.")))


def question_of(row: ConversionTrial, form: MultiDict[str, str] | None) -> Question:
    """As it was sent where it was refused, as it ran before where that came to nothing, else as it looks."""
    known = row.columns or {}
    columns = [{**each, "place": str(place)} for place, each in enumerate(known["columns"])]
    outcomes = trials.outcomes_of(known)
    before = _before(row.choice, columns) if row.choice else _guessed(columns)
    bought, order, ticked = _sent(form) if form is not None else before
    groups = [
        (name, [(f"{place}:{at}", _value_words(text, n, is_open=is_open)) for at, text, n, is_open in values])
        for place, name, values in outcomes
    ]
    orders = [("", str(_("No column: judge a random part")))]
    orders += [(each["place"], each["name"]) for each in columns if each["time"] or not each["values"]]
    return Question([("", [("", str(_("Choose")))]), *groups], bought, orders, order, columns, frozenset(ticked))


def result_of(row: ConversionTrial) -> Found:
    told = row.result or {}
    leaks = [Leak(each["column"], LeakSign(each["sign"]), each["auc"]) for each in told["leaks"]]
    return Found(
        told=told,
        measures=Measures(**told["measures"]),
        lines=[Line(low, high, Bin(**found), (between[0], between[1])) for low, high, found, between in told["steps"]],
        leaks=leaks,
        unused=[(name, str(_UNUSED[why])) for name, why in told["unused"].items()],
        best=_share(told["best"]),
        all=_share(told["judged"]),
    )


def _share(told: Mapping[str, int]) -> tuple[int, int, float, float]:
    return told["rows"], told["won"], *wilson(told["won"] / max(1, told["rows"]), told["rows"])


def _value_words(text: str, count: int, *, is_open: bool) -> str:
    words = _("%(value)s (%(count)s rows)", value=text, count=number(count))
    return f"{words} – {_('an open deal')}" if is_open else str(words)


def _sent(form: MultiDict[str, str]) -> tuple[str, str, list[str]]:
    return form.get("bought", ""), form.get("order", ""), form.getlist("column")


def _before(choice: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> tuple[str, str, list[str]]:
    places = {each["name"]: each["place"] for each in columns}
    target = columns[int(places[choice["target"]])]
    at = [text for text, _count in target["values"]].index(choice["positive"])
    order = places[choice["order"]] if choice["order"] else ""
    return f"{target['place']}:{at}", order, [places[name] for name in choice["columns"]]


def _guessed(columns: Sequence[Mapping[str, Any]]) -> tuple[str, str, list[str]]:
    """Nothing about the outcome; the first column of time; every column that is neither about people nor late."""
    order = next((each["place"] for each in columns if each["time"]), "")
    usable = [each for each in columns if not each["personal"] and not each["later"] and each["place"] != order]
    return "", order, [each["place"] for each in usable if each["filled"]]
