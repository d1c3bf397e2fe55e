"""What a person says about the columns of an export: the outcome, its value for a sale, time, what was known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.quality.evaluation import is_open
from marketplace.quality.trials.looking import outcome_columns
from marketplace.quality.trials.rules import MOST_CELLS, MOST_COLUMNS


@dataclass(frozen=True, slots=True)
class Choice:
    """Places of columns, as they stand in the file. order: None for a random part."""

    target: int
    value: int
    order: int | None
    columns: Sequence[int]


def outcomes_of(found: Mapping[str, Any]) -> list[tuple[int, str, list[tuple[int, str, int, bool]]]]:
    """The columns that can be the outcome: place, name, each value: place, text, count, is it open."""
    columns = found["columns"]
    return [
        (place, columns[place]["name"], [(at, text, n, is_open(text)) for at, (text, n) in enumerate(values)])
        for place in outcome_columns(columns)
        if (values := columns[place]["values"])
    ]


def named(choice: Choice, found: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """The choice by the names of its columns, as it is stored. rows: of the file. Raises Invalid."""
    columns = found["columns"]
    problems: dict[str, str] = {}
    if choice.target not in outcome_columns(columns) or not 0 <= choice.value < len(columns[choice.target]["values"]):
        problems["bought"] = _("Choose the column and the value that mean “bought”.")
    if choice.order is not None and (not _is_place(choice.order, columns) or choice.order == choice.target):
        problems["order"] = _("Choose a time column, or a random part.")
    usable = [place for place in dict.fromkeys(choice.columns) if _is_usable(place, columns, choice.target)]
    if not usable or len(usable) > MOST_COLUMNS:
        problems["columns"] = _("Tick between 1 and %(most)s columns that were known before.", most=MOST_COLUMNS)
    elif rows * len(usable) > MOST_CELLS:
        problems["columns"] = _too_many_cells(rows, len(usable))
    if problems:
        raise Invalid(fields=problems)
    return {
        "target": columns[choice.target]["name"],
        "positive": columns[choice.target]["values"][choice.value][0],
        "order": None if choice.order is None else columns[choice.order]["name"],
        "columns": [columns[place]["name"] for place in usable],
    }


def _too_many_cells(rows: int, columns: int) -> str:
    words = _("%(rows)s rows with %(columns)s columns are too much at once. Tick at most %(most)s, or send fewer rows.",
              rows=f"{rows:,}", columns=columns, most=MOST_CELLS // rows)  # fmt: skip
    return str(words)


def _is_place(place: int, columns: Sequence[Mapping[str, Any]]) -> bool:
    return 0 <= place < len(columns)


def _is_usable(place: int, columns: Sequence[Mapping[str, Any]], target: int) -> bool:
    return _is_place(place, columns) and place != target and not columns[place]["personal"]
