"""The columns a score may use: each says when it becomes known, and what is known later is refused by policy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.kit.i18n import gettext as _
from marketplace.quality.errors import KnownLater

Row = Mapping[str, object]

_BLANKS = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "?"})
_LONGEST = 200


class Moment(StrEnum):
    UPLOAD = "upload"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of leads and the moment at which its value is known."""

    name: str
    available_at: Moment = Moment.UPLOAD


def require_known_at_upload(columns: Sequence[Column]) -> None:
    """Raises KnownLater, naming the columns."""
    later = [column.name for column in columns if column.available_at is not Moment.UPLOAD]
    if later:
        raise KnownLater(
            _("These columns become known only later, so a score must not use them: %(names)s.", names=", ".join(later))
        )


def text_of(raw: object) -> str | None:
    """A value as trimmed text; None when there is none."""
    text = str(raw).strip()[:_LONGEST] if raw is not None else ""
    return None if text.lower() in _BLANKS else text


def number_of(raw: object) -> float | None:
    """A value as a finite number; None when it is none, or is larger than anything that is counted."""
    try:
        number = float(raw)  # type: ignore[arg-type]  # whatever cannot be a number raises
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < _HUGE else None


#: squares of such numbers, and sums of them, are still finite
_HUGE = 1e100


def values_of(rows: Iterable[Row], name: str) -> list[object]:
    """One column; a row that does not have it has None there."""
    return [row.get(name) for row in rows]
