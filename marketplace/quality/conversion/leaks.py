"""Columns that give the outcome away because they were filled in, or changed, after it was known.

Found by name, for what sales people and phone systems write down later, and by what the column does: alone it ranks
too well to be true, or whether it is filled in already tells who bought.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.kit.i18n import gettext as _
from marketplace.kit.text import fold, listed
from marketplace.quality.conversion.columns import Row, text_of, values_of
from marketplace.quality.conversion.encoders import FEWEST, Numbers, Unused, learn_encoder
from marketplace.quality.measures import OneOutcome, auc

ALONE_AT_MOST = 0.80  # POLICY
FILLED_AT_MOST = 0.65
_OFTEN_MISSING = 0.2
_PRIOR = 10.0

_LATER = frozenset(
    listed(
        "duration|call duration|talk time|tag|tags|lead quality|lead profile|lead status|lead stage|status|stage"
        "|deal stage|last activity|last notable activity|last contact|last contacted|last call|disposition|outcome"
        "|call outcome|result|close date|close value|closed at|won at|lost at|won date|loss reason|lost reason"
        "|win reason"
        "|revenue|deal value|sale amount|converted|is won|asymmetrique activity index|asymmetrique profile index"
        "|asymmetrique activity score|asymmetrique profile score"
    )
)


class LeakSign(StrEnum):
    NAME = "name"
    ALONE = "alone"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that must not be used. `auc`: how well it ranks by itself, or by being filled in; None by name."""

    column: str
    sign: LeakSign
    auc: float | None = None

    @property
    def words(self) -> str:
        area = f"{self.auc:.2f}" if self.auc is not None else ""
        if self.sign is LeakSign.NAME:
            return str(_("By its name, “%(column)s” is filled in after the lead came in.", column=self.column))
        if self.sign is LeakSign.ALONE:
            return str(_("“%(column)s” alone ranks the outcomes with an AUC of %(auc)s, too well to be known before.",
                         column=self.column, auc=area))  # fmt: skip
        return str(_("Whether “%(column)s” is filled in tells who bought (AUC %(auc)s): it was filled in later.",
                     column=self.column, auc=area))  # fmt: skip


def is_named_later(name: str) -> bool:
    """Whether a column of this name is written down after the lead came in."""
    return fold(name) in _LATER


def find_leaks(rows: Sequence[Row], won: Sequence[int], names: Sequence[str]) -> list[Leak]:
    """The columns among `names` that give the outcome away, in their order."""
    return [leak for name in names if (leak := _leak(name, values_of(rows, name), won))]


def _leak(name: str, values: Sequence[object], won: Sequence[int]) -> Leak | None:
    if is_named_later(name):
        return Leak(name, LeakSign.NAME)
    missing = [int(text_of(raw) is None) for raw in values]
    filled = _area(won, [1.0 - each for each in missing])
    if sum(missing) >= _OFTEN_MISSING * len(values) and abs(filled - 0.5) + 0.5 >= FILLED_AT_MOST:
        return Leak(name, LeakSign.FILLED, abs(filled - 0.5) + 0.5)
    alone = _area_alone(values, won)
    return Leak(name, LeakSign.ALONE, alone) if alone >= ALONE_AT_MOST else None


def _area_alone(values: Sequence[object], won: Sequence[int]) -> float:
    """How well the column ranks one half of the rows by the sales of the same value in the other half."""
    keys = _keys(values)
    halves = (range(0, len(keys), 2), range(1, len(keys), 2))
    said = [0.0] * len(keys)
    for seen, judged in (halves, halves[::-1]):
        count, sales = Counter(keys[row] for row in seen), Counter(keys[row] for row in seen if won[row])
        share = sum(sales.values()) / max(1, len(seen))
        for row in judged:
            said[row] = (sales[keys[row]] + _PRIOR * share) / (count[keys[row]] + _PRIOR)
    return _area(won, said)


def _keys(values: Sequence[object]) -> list[object]:
    """The value, a number's step, or rare."""
    encoder = learn_encoder(values)
    if isinstance(encoder, Unused):
        counts = Counter(text_of(raw) for raw in values)
        return [text if counts[text := text_of(raw)] >= FEWEST else "" for raw in values]
    places = encoder.places()
    return [encoder.features(raw, places)[1 if isinstance(encoder, Numbers) and _given(encoder, raw) else 0][0]
            for raw in values]  # fmt: skip


def _given(encoder: Numbers, raw: object) -> bool:
    return len(encoder.features(raw, {})) > 1


def _area(won: Sequence[int], said: Sequence[float]) -> float:
    try:
        return auc(won, said)
    except OneOutcome:
        return 0.5
