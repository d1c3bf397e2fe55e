"""Records out of a stream of text lines: quotes may span lines, but one that is never closed must not eat the file."""

import csv
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, TextIO

from marketplace.kit.i18n import gettext as _

LONGEST_LINE = 100_000  # characters; more is skipped, so that memory stays small
LONGEST_CELL = 100_000
MOST_COLUMNS = 500
_MOST_LINES = 200  # of one record
_MOST_CHARACTERS = 300_000
_PATIENCE, _PATIENCE_GROWS = 100_000, 4  # characters that may be read in vain: at first, and for each one of the file
_MOST_AT_ONCE = 8_000_000  # characters of the rows that are held together
_REPLACEMENT = "\ufffd"
_BYTE_ORDER_MARK = "\ufeff"


class Trouble(StrEnum):
    """What was odd about a row; those of `BROKEN` mean that its cells cannot be trusted."""

    BAD_BYTES = "bad_bytes"
    NULL_BYTES = "null_bytes"
    OPEN_QUOTE = "open_quote"
    TOO_LONG = "too_long"


BROKEN = frozenset({Trouble.OPEN_QUOTE, Trouble.TOO_LONG})


def trouble_words(trouble: Trouble) -> str:
    """The trouble as a sentence in the reader's language."""
    sentences = {
        Trouble.BAD_BYTES: _("Some characters do not fit the file's encoding. They were replaced."),
        Trouble.NULL_BYTES: _("The row held null bytes. They were left out."),
        Trouble.OPEN_QUOTE: _("A quote is opened and never closed. Close or double it, and send the row again."),
        Trouble.TOO_LONG: _("The row is far too long. Shorten it, and send it again."),
    }
    return str(sentences[trouble])


class Row(NamedTuple):
    """One record: the line on which it begins, as a person sees it in an editor, its cells, and what was odd."""

    number: int
    cells: list[str]
    troubles: tuple[Trouble, ...] = ()

    @property
    def broken(self) -> bool:
        return not BROKEN.isdisjoint(self.troubles)

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


class _Endless(Exception):  # a signal from the lines through the parser
    """A record goes on for longer than a record does."""


class _Lines:
    """Lines of the stream, counted; the lines of a record that did not end can be given back.

    Attributes:
        patience: how many characters may still be read in vain, so that a file full of open quotes, where every
            record looks far ahead for its end, takes no longer than its length.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: list[str] = []
        self._mark = _BYTE_ORDER_MARK
        self.number = 0
        self.patience = _PATIENCE

    def read(self) -> str:
        """The next line with its end, empty at the end of the stream; of an endless line only the beginning."""
        self.number += 1
        if self._returned:
            return self._returned.pop()
        line = self._stream.readline(LONGEST_LINE).removeprefix(self._mark)
        self._mark = ""
        self.patience += len(line) * _PATIENCE_GROWS
        if _is_cut(line):
            while (more := self._stream.readline(LONGEST_LINE)) and more[-1] not in "\r\n":
                continue
        return line

    def give_back(self, lines: list[str]) -> None:
        self.number -= len(lines)
        self.patience -= sum(map(len, lines))
        self._returned += reversed(lines)


def _is_cut(line: str) -> bool:
    return len(line) >= LONGEST_LINE - 1 and line[-1] not in "\r\n"


def records(stream: TextIO, delimiter: str, width: int | None = None) -> Iterator[Row]:
    """Every record of the stream, blank ones too, of its cells one more than `width`. Never raises for what it holds.

    Args:
        stream: opened with `newline=""`, so that line ends come as they are.
        delimiter: one sign.
        width: the number of columns where it is known: it tells a stray quote from a cell of several lines.
    """
    lines, most = _Lines(stream), (width or MOST_COLUMNS) + 1
    while line := lines.read():
        number = lines.number
        taken = [line]
        troubles: list[Trouble] = []
        is_plain = '"' not in line or _is_cut(line)
        cells = _plain(line, delimiter, most) if is_plain else _quoted(lines, taken, delimiter, width)
        if cells is None:
            lines.give_back(taken[1:])
            del taken[1:]
            cells, troubles = [cell.strip('"') for cell in _plain(line, delimiter, most)], [Trouble.OPEN_QUOTE]
        if any(map(_is_cut, taken)) or (len(taken) > 1 and any(len(cell) > LONGEST_CELL for cell in cells)):
            cells, troubles = [cell[:LONGEST_CELL] for cell in cells], [*troubles, Trouble.TOO_LONG]
        yield Row(number, cells[:most], (*troubles, *_noise(taken)))


def some(rows: Iterator[Row], count: int) -> list[Row]:
    """The next rows: at most `count`, and fewer where they are very long, so that memory stays small."""
    taken, left = [], _MOST_AT_ONCE
    for row in islice(rows, count):
        taken.append(row)
        left -= sum(map(len, row.cells))
        if left <= 0:
            break
    return taken


def _plain(line: str, delimiter: str, most: int) -> list[str]:
    """What the parser would give for a line without quotes, several times faster; the last of `most` holds the rest."""
    return line.rstrip("\r\n").replace("\x00", "").split(delimiter, most - 1)


def _quoted(lines: _Lines, taken: list[str], delimiter: str, width: int | None) -> list[str] | None:
    """The cells of the record that begins with `taken[0]`, further lines taken as needed; None if it has no end."""
    try:
        cells = next(csv.reader(_record_lines(lines, taken), delimiter=delimiter))
    except _Endless:
        return None
    except csv.Error:
        return None if len(taken) > 1 else _plain(taken[0], delimiter, (width or MOST_COLUMNS) + 1)
    return None if len(taken) > 1 and _strayed(cells, taken, delimiter, width) else cells


def _strayed(cells: list[str], taken: list[str], delimiter: str, width: int | None) -> bool:
    """A cell of several lines that ends in the middle of another, or leaves fewer columns than its first line has."""
    if width is not None and len(cells) != width == len(_plain(taken[0], delimiter, width + 1)):
        return True
    try:
        next(csv.reader((line.replace("\x00", "") for line in taken), delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _record_lines(lines: _Lines, taken: list[str]) -> Iterator[str]:
    """The parser asks for a second line only while a quote is open."""
    size = 0
    yield taken[0].replace("\x00", "")
    if lines.patience <= 0:
        raise _Endless
    while line := lines.read():
        size += len(line)
        if len(taken) >= _MOST_LINES or size > _MOST_CHARACTERS:
            lines.give_back([line])
            raise _Endless
        taken.append(line)
        yield line.replace("\x00", "")
    lines.number -= 1
    raise _Endless


def _noise(taken: list[str]) -> tuple[Trouble, ...]:
    if all(line.isascii() and "\x00" not in line for line in taken):
        return ()
    text = "".join(taken)
    noise = {Trouble.BAD_BYTES: _REPLACEMENT in text, Trouble.NULL_BYTES: "\x00" in text}
    return tuple(trouble for trouble, heard in noise.items() if heard)
