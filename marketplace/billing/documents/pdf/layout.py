"""Where things stand on the pages: words broken into lines, rows broken into pages. Pure; lengths in millimetres."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Room:
    """How high things are: the rows' part of the first and of further pages, a line that carries, the end's block."""

    first: float
    further: float
    carried: float
    end: float


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """What one page holds; the last one also holds the end."""

    rows: Sequence[T]
    is_first: bool
    is_last: bool


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `width`; a word that is too wide by itself is broken."""
    if measure(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width, measure)
        lines += whole
    return [*lines, line]


def _pieces(word: str, width: float, measure: Measure) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and measure(pieces[-1] + sign) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def paginate(rows: Sequence[T], height_of: Callable[[T], float], room: Room) -> list[Part[T]]:
    """The rows page by page, in order; the end never stands alone. Any one row has room with the end on any page."""
    pages: list[list[T]] = [[]]
    free = room.first - room.carried
    for number, row in enumerate(rows, start=1):
        needed = height_of(row) + (room.end - room.carried if number == len(rows) else 0)
        if needed > free and pages[-1]:
            pages.append([])
            free = room.further - 2 * room.carried
        pages[-1].append(row)
        free -= height_of(row)
    last = len(pages) - 1
    return [Part(page, is_first=number == 0, is_last=number == last) for number, page in enumerate(pages)]
