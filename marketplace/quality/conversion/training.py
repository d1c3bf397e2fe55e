"""Learning p_convert: slopes from the whole history, the level from the newest window, calibrated if that helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marketplace.quality.conversion.calibration import Calibration, Line, fit_calibration
from marketplace.quality.conversion.columns import Column, Row, require_known_at_upload, values_of
from marketplace.quality.conversion.encoders import Categories, Encoder, Unused, learn_encoder
from marketplace.quality.conversion.model import CategoryPart, ConversionModel, NumberPart, Part
from marketplace.quality.conversion.promotion import may_take_over
from marketplace.quality.errors import TooFewOutcomes
from marketplace.quality.measures import Measures, OneOutcome, expit, logit, measure
from marketplace.quality.solvers import Sparse, ridge_logistic

WINDOW = 5000
_FEWEST = 20  # of each outcome
_FOLDS = 5
_NEWEST = 0.2
_ROUNDS, _NEAR = 50, 1e-9

Weights = Sequence[float] | None


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and the columns that it does not use, each with the reason."""

    model: ConversionModel
    unused: Mapping[str, Unused]


def train(
    rows: Sequence[Row],
    won: Sequence[int],
    columns: Sequence[Column],
    weights: Weights = None,
    *,
    newest: int = WINDOW,
    window: Mapping[str, Any] | None = None,
) -> Trained:
    """Learn from leads whose outcome has matured.

    Args:
        rows: the leads, the oldest first.
        won: 1 for a sale, 0 for none.
        columns: what may be used.
        weights: one a row; an audited lead weighs 1 / (the rate at which such leads are audited).
        newest: how many of the newest leads set the level.
        window: more to remember about where the leads come from.

    Raises:
        KnownLater: a column is not known at upload.
        TooFewOutcomes: fewer than 20 of either kind.
    """
    require_known_at_upload(columns)
    if min(sum(won), len(won) - sum(won)) < _FEWEST:
        raise TooFewOutcomes
    found = {column.name: learn_encoder(values_of(rows, column.name)) for column in columns}
    encoders = {name: each for name, each in found.items() if not isinstance(each, Unused)}
    unused = {name: each for name, each in found.items() if isinstance(each, Unused)}
    data = _Data(encoders, _encoded(encoders, rows), won, weights)
    raw = _with_level_of(newest, _fit(data, range(len(rows))), rows, won, weights)
    known = {"rows": len(rows), "won": sum(won), **(window or {})}
    return Trained(replace(raw, calibration=_calibration(data), window=known), unused)


@dataclass(frozen=True, slots=True)
class _Data:
    encoders: Mapping[str, Encoder]
    features: Sequence[Sequence[tuple[int, float]]]
    won: Sequence[int]
    weights: Weights

    def weights_of(self, chosen: Sequence[int]) -> Weights:
        return None if self.weights is None else [self.weights[row] for row in chosen]


def _encoded(encoders: Mapping[str, Encoder], rows: Sequence[Row]) -> list[list[tuple[int, float]]]:
    """The features of each row over all columns, one after the other."""
    features: list[list[tuple[int, float]]] = [[] for _ in rows]
    start = 0
    for name, encoder in encoders.items():
        places = encoder.places()
        for mine, row in zip(features, rows, strict=True):
            mine.extend((start + place, value) for place, value in encoder.features(row.get(name), places))
        start += encoder.size
    return features


def _solved(data: _Data, chosen: Sequence[int]) -> tuple[list[float], float]:
    if not data.encoders:  # no column tells anything: the share of sales is all there is
        weights = data.weights_of(chosen) or [1.0] * len(chosen)
        came = sum(data.won[row] * weight for row, weight in zip(chosen, weights, strict=True))
        return [], logit(came / sum(weights))
    matrix = Sparse(sum(encoder.size for encoder in data.encoders.values()))
    for row in chosen:
        for place, value in data.features[row]:
            matrix.columns.append(place)
            matrix.values.append(value)
        matrix.end_row()
    return ridge_logistic(matrix, [data.won[row] for row in chosen], data.weights_of(chosen))


def _fit(data: _Data, chosen: Sequence[int]) -> ConversionModel:
    coefficients, level = _solved(data, chosen)
    sums = [0.0] * len(coefficients)
    for row in chosen:
        for place, value in data.features[row]:
            sums[place] += value
    parts, start = [], 0
    for name, encoder in data.encoders.items():
        mine = coefficients[start : start + encoder.size]
        usual = sum(w * s for w, s in zip(mine, sums[start : start + encoder.size], strict=True)) / len(chosen)
        parts.append(_part(name, encoder, mine, usual))
        start += encoder.size
    return ConversionModel(level, tuple(parts), Line(), {})


def _part(name: str, encoder: Encoder, weights: Sequence[float], usual: float) -> Part:
    if isinstance(encoder, Categories):
        known = dict(zip(encoder.values, weights[:-2], strict=True))
        return CategoryPart(name, known, rare=weights[-2], missing=weights[-1], usual=usual)
    slope = weights[0] / encoder.spread
    bounds = {"low": encoder.low, "high": encoder.high, "middle": encoder.middle}
    return NumberPart(name, encoder.edges, tuple(weights[1:-1]), slope, **bounds, missing=weights[-1], usual=usual)


def _with_level_of(
    newest: int, model: ConversionModel, rows: Sequence[Row], won: Sequence[int], weights: Weights
) -> ConversionModel:
    """The level moved so that over the newest leads as many sales are expected as came."""
    if len(rows) <= newest:
        return model
    weighed = weights[-newest:] if weights else [1.0] * newest
    logits = [model.logit(row) for row in rows[-newest:]]
    return replace(model, level=model.level + level_shift(logits, won[-newest:], weighed))


def level_shift(logits: Sequence[float], won: Sequence[int], weights: Sequence[float]) -> float:
    """What must be added to all log-odds so that the expected sum is the one that came (Newton)."""
    came, shift = sum(y * w for y, w in zip(won, weights, strict=True)), 0.0
    for _ in range(_ROUNDS):
        chances = [expit(each + shift) for each in logits]
        excess = came - sum(p * w for p, w in zip(chances, weights, strict=True))
        step = excess / max(_NEAR, sum(p * (1 - p) * w for p, w in zip(chances, weights, strict=True)))
        shift += max(-1.0, min(1.0, step))
        if abs(step) < _NEAR:
            break
    return shift


def _calibration(data: _Data) -> Calibration:
    """Learned on leads that the model had not seen; kept only if it does better on the newest of them."""
    logits = _unseen_logits(data)
    count = len(logits)
    cut = count - int(count * _NEWEST)
    older, newest = range(cut), range(cut, count)
    tried = fit_calibration(logits[:cut], data.won[:cut], data.weights_of(older))
    before = _measured(Line(), logits, data, newest)
    after = _measured(tried, logits, data, newest)
    if before is None or after is None or not may_take_over(after, before):
        return Line()
    return fit_calibration(logits, data.won, data.weights)


def _measured(way: Calibration, logits: Sequence[float], data: _Data, chosen: Sequence[int]) -> Measures | None:
    said = [way.probability(logits[row]) for row in chosen]
    try:
        return measure([data.won[row] for row in chosen], said, data.weights_of(chosen))
    except (OneOutcome, ZeroDivisionError):
        return None


def _unseen_logits(data: _Data) -> list[float]:
    """For each lead the log-odds from a model that was learned without it."""
    count = len(data.won)
    logits = [0.0] * count
    for fold in range(_FOLDS):
        seen = [row for row in range(count) if row % _FOLDS != fold]
        coefficients, level = _solved(data, seen)
        for row in range(fold, count, _FOLDS):
            logits[row] = level + sum(coefficients[place] * value for place, value in data.features[row])
    return logits
