"""Labelled files that anybody brings: read as they are, with errors that say what to do about them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from marketplace.kit.text import fold
from marketplace.leads.reading import SAMPLE_BYTES, Unreadable, sniff
from marketplace.quality.evaluation import NoOrder, in_order

_SHOWN = 12


class BadFile(click.ClickException):
    """The file, or what was said about it, cannot be used."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file by the names of its columns, texts as they stand; `skipped` rows had too many cells."""

    path: Path
    names: tuple[str, ...]
    rows: list[dict[str, str]]
    skipped: int = 0

    def require(self, *names: str) -> None:
        """Raises BadFile, naming what is missing and what there is."""
        missing = [name for name in names if name not in self.names]
        if missing:
            raise BadFile(f"{self.path}: there is no column {_listed(missing)}. Its columns are {_listed(self.names)}.")

    def column_like(self, *wanted: str) -> str | None:
        """The first column whose name is one of these, however it is written."""
        folded = {fold(name): name for name in reversed(self.names)}
        return next((folded[each] for each in map(fold, wanted) if each in folded), None)

    def required_like(self, *wanted: str) -> str:
        """As `column_like`. Raises BadFile when there is none."""
        found = self.column_like(*wanted)
        if found is None:
            raise BadFile(
                f"{self.path}: there is no column {' or '.join(wanted)}. Its columns are {_listed(self.names)}."
            )
        return found

    def number(self, row: Mapping[str, str], name: str, low: float, high: float) -> float:
        """A cell as a number between the two. Raises BadFile with the row's place."""
        try:
            number = float(row[name])
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            place = next(place for place, each in enumerate(self.rows, start=1) if each is row)
            raise BadFile(f"{self.path}: row {place}: {name} is {row[name]!r}, not a number from {low:g} to {high:g}.")
        return number

    def ordered_by(self, name: str) -> "Table":
        """The rows in the order of a column of numbers or of moments. Raises BadFile."""
        self.require(name)
        try:
            return Table(self.path, self.names, list(in_order(self.rows, name)), self.skipped)
        except NoOrder as why:
            raise BadFile(f"{self.path}: “{name}” is no order: few of its cells are moments or numbers.") from why


def read_table(path: Path) -> Table:
    """Raises BadFile."""
    try:
        with path.open("rb") as stream:
            sample = stream.read(SAMPLE_BYTES + 1)
        layout = sniff(sample[:SAMPLE_BYTES], whole=len(sample) <= SAMPLE_BYTES, header_row=1)
        return _read(path, layout.encoding, layout.delimiter)
    except Unreadable as why:
        raise BadFile(f"{path}: {why}") from why
    except (OSError, csv.Error) as why:
        raise BadFile(
            f"{path}: it cannot be read as a table ({why}). Save it as CSV with a line of column names."
        ) from why


def _read(path: Path, encoding: str, delimiter: str) -> Table:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        names = [name.strip().removeprefix("\ufeff") for name in next(reader)]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise BadFile(f"{path}: two columns have the same name: {_listed(double)}. Rename one of them.")
        rows, skipped = [], 0
        for cells in reader:
            if len(cells) > len(names):
                skipped += 1
            elif any(cells):
                rows.append(dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True)))
    if not rows:
        raise BadFile(f"{path}: there are no rows below the column names.")
    return Table(path, tuple(names), rows, skipped)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
