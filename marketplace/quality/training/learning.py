"""One attempt to learn: older outcomes teach, the newest ones judge. No database and no clock."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from marketplace.quality import fraud
from marketplace.quality.conversion import Column, ConversionModel, false_hot, has_signal, may_take_over, train
from marketplace.quality.conversion.columns import Row
from marketplace.quality.errors import TooFewOutcomes
from marketplace.quality.fraud import CALIBRATED_FROM, COLD_START, FraudModel
from marketplace.quality.measures import Measures, OneOutcome, measure
from marketplace.quality.solvers import straight_line
from marketplace.quality.training.lessons import Lesson
from marketplace.quality.training.models import Why

#: the newest part of the outcomes, by which a version is judged and from which it learns nothing before
_NEWEST = 0.2
_CLEARLY = 1.2

#: from a lead's inputs to a chance
Way = Callable[[dict[str, Any]], float]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a run came to.

    Attributes:
        why: `PROMOTED`, or what spoke against it.
        coefficients, version: of the new version, learned from all outcomes; None when there were too few.
        measures, before: of the candidate and of the version that serves, on the newest outcomes.
    """

    why: Why
    coefficients: dict[str, Any] | None = None
    version: str = ""
    measures: Measures | None = None
    before: Measures | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def learn_sales(lessons: Sequence[Lesson], columns: Sequence[Column], serving: Way | None) -> Attempt:
    """A model of p_convert. serving: the version of now, None before there is one."""
    if len(lessons) < CALIBRATED_FROM:
        return Attempt(Why.TOO_FEW)
    older, newest = _split(lessons)
    try:
        trained = train(_rows(older), _came(older), columns)
        whole = train(_rows(lessons), _came(lessons), columns).model
        found = _measured(lambda inputs: trained.model.probability(inputs["lead"]), newest)
        before = _measured(serving, newest) if serving else None
    except (TooFewOutcomes, OneOutcome):
        return Attempt(Why.TOO_FEW)
    notes = {
        "unused": {name: str(why) for name, why in trained.unused.items()},
        "false_hot": _false_hot(lessons, trained.model),
    }
    why = _verdict(found, before, needs_signal=True)
    return Attempt(why, whole.to_json(), whole.version, found, before, notes)


def learn_faults(lessons: Sequence[Lesson], serving: Way) -> Attempt:
    """A calibration of p_fraud: the published weights stay, a line over their sum is learned."""
    if len(lessons) < CALIBRATED_FROM:
        return Attempt(Why.TOO_FEW)
    older, newest = _split(lessons)
    try:
        candidate = _calibrated(older)
        found = _measured(_way_of(candidate), newest)
        before = _measured(serving, newest)
    except OneOutcome:
        return Attempt(Why.TOO_FEW)
    whole, why = _calibrated(lessons), _verdict(found, before, needs_signal=False)
    return Attempt(why, whole.to_json(), whole.version, found, before)


def way_of_sales(model: ConversionModel) -> Way:
    return lambda inputs: model.probability(inputs["lead"])


def way_of_faults(model: FraudModel) -> Way:
    return _way_of(model)


def _way_of(model: FraudModel) -> Way:
    return lambda inputs: _fraud_of(inputs, model).probability


def _fraud_of(inputs: dict[str, Any], model: FraudModel) -> fraud.FraudScore:
    signs = [fraud.Sign(name) for name in inputs["signs"]]
    return fraud.score(signs, agency_ratio=inputs["agency_ratio"], model=model)


def _calibrated(lessons: Sequence[Lesson]) -> FraudModel:
    """The published weights on the line that fits these outcomes. Raises OneOutcome."""
    came = _came(lessons)
    sums = [_fraud_of(lesson.inputs, COLD_START).logit for lesson in lessons]
    if len(set(came)) == 1 or len(set(sums)) == 1:
        raise OneOutcome
    slope, level = straight_line(sums, came, [lesson.weight for lesson in lessons])
    slope, level = round(slope, 6), round(level, 6)
    mark = hashlib.sha256(f"{slope} {level}".encode()).hexdigest()[:8]
    return replace(COLD_START, version=f"{COLD_START.version}+{mark}", slope=slope, level=level)


def _verdict(found: Measures, before: Measures | None, *, needs_signal: bool) -> Why:
    if needs_signal and not has_signal(found):
        return Why.NO_SIGNAL
    if not may_take_over(found, None):
        return Why.SLOPE
    return Why.PROMOTED if may_take_over(found, before) else Why.NOT_BETTER


def _split(lessons: Sequence[Lesson]) -> tuple[Sequence[Lesson], Sequence[Lesson]]:
    cut = len(lessons) - int(len(lessons) * _NEWEST)
    return lessons[:cut], lessons[cut:]


def _measured(way: Way, lessons: Sequence[Lesson]) -> Measures:
    """Raises OneOutcome."""
    said = [way(lesson.inputs) for lesson in lessons]
    return measure(_came(lessons), said, [lesson.weight for lesson in lessons])


def _false_hot(lessons: Sequence[Lesson], model: ConversionModel) -> list[dict[str, Any]]:
    """Of the columns that the model uses, the values that stand clearly oftener with high scores that did not buy."""
    rows = _rows(lessons)
    said = [model.probability(row) for row in rows]
    found = false_hot(rows, _came(lessons), said, [part.column for part in model.parts])
    return [asdict(each) for each in found if each.times >= _CLEARLY]


def _rows(lessons: Sequence[Lesson]) -> list[Row]:
    return [lesson.inputs["lead"] for lesson in lessons]


def _came(lessons: Sequence[Lesson]) -> list[int]:
    return [lesson.came for lesson in lessons]
