"""`fairlead evaluate conversion`: does p_convert tell buyers from others, on leads that it has not seen?"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from marketplace.bench.report import Report, machine
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell
from marketplace.kit.text import fold, listed
from marketplace.quality.conversion import Column, Leak, Trained, find_leaks, has_signal, train
from marketplace.quality.errors import TooFewOutcomes
from marketplace.quality.measures import Measures, OneOutcome, measure

_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
_USUAL_SHARE = 0.75
_OPEN = frozenset(listed("|open|new|pending|prospecting|engaging|in progress|working|negotiation|unknown|undecided"))
_WORDS = {
    "auc": "AUC (a buyer is ranked above another)",
    "log_loss": "log loss",
    "brier": "Brier score",
    "ece": "calibration error (ECE)",
    "slope": "calibration slope (1 is right)",
    "signal": "signal (1 yes, 0 no signal)",
    "rows": "leads judged",
    "learned_from": "leads learned from",
}


@dataclass(frozen=True, slots=True)
class _Split:
    learned: Table
    judged: Table


@click.command()
@click.argument("file", type=FILE)
@click.option("--target", required=True, help="The column that says what became of the lead.")
@click.option("--positive", required=True, help="Its value for a sale.")
@click.option("--negative", help="Its value for no sale. Default: every other value that is no open deal.")
@click.option("--order", help="The column of time, or of a running number.")
@click.option("--upload-columns", required=True, help="The columns known when the lead comes in, with commas between.")
@click.option("--time-split", type=_SHARE, help="Learn from this first share in time, judge the rest. [default: .75]")
@click.option("--random-split", type=_SHARE, help="Learn from a random share, judge the rest.")
@click.option("--seed", type=int, default=1, show_default=True, help="For the random split.")
@click.option("--test", "test_file", type=FILE, help="Learn from all of FILE, judge this file.")
@json_option
def conversion(file: Path, *, target: str, positive: str, negative: str | None, upload_columns: str, as_json: bool,
               test_file: Path | None, **how: Any) -> None:  # fmt: skip
    """Learn p_convert from FILE and judge it on unseen leads. Columns that give the outcome away are refused."""
    names = _names(upload_columns)
    if target in names:
        raise BadFile(f"“{target}” is the outcome; leave it out of --upload-columns.")
    whole = _decided(read_table(file), target, positive, negative)
    test = _decided(read_table(test_file), target, positive, negative) if test_file else None
    for table in (whole, test):
        if table:
            table.require(*names)
    split = _split(whole, test, **how)
    won = _won(split.learned, target, positive)
    leaks = find_leaks(split.learned.rows, won, names)
    trained, found = _judged(split, won, _won(split.judged, target, positive), names, leaks)
    report = _report(found, split, leaks)
    lines = _lines(trained, leaks, whole.skipped, signal=bool(report.figures["signal"]))
    tell(report, _WORDS, lines, as_json=as_json)


def _names(text: str) -> list[str]:
    """The names between commas; a name with a comma of its own stands in double quotes."""
    names = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()]
    return list(dict.fromkeys(names))


def _decided(table: Table, target: str, positive: str, negative: str | None) -> Table:
    """Only rows whose outcome is known: a deal that is still open is no lost one. Raises BadFile."""
    table.require(target)
    values = sorted({row[target] for row in table.rows})
    wanted = {positive, negative} if negative is not None else {value for value in values if fold(value) not in _OPEN}
    rows = [row for row in table.rows if row[target] in wanted or row[target] == positive]
    if not any(row[target] == positive for row in rows):
        raise BadFile(f"{table.path}: “{target}” is never {positive!r}. Its values begin with {values[:6]}.")
    return Table(table.path, table.names, rows, table.skipped + len(table.rows) - len(rows))


def _won(table: Table, target: str, positive: str) -> list[int]:
    return [int(row[target] == positive) for row in table.rows]


def _split(
    whole: Table,
    test: Table | None,
    *,
    order: str | None,
    time_split: float | None,
    random_split: float | None,
    seed: int,
) -> _Split:  # fmt: skip
    if sum(each is not None for each in (test, time_split, random_split)) > 1:
        raise BadFile("Choose one of --time-split, --random-split and --test.")
    if order:
        whole = whole.ordered_by(order)
    if test:
        return _Split(whole, test)
    if random_split is not None:
        chosen = set(random.Random(seed).sample(range(len(whole.rows)), round(random_split * len(whole.rows))))  # noqa: S311
        return _Split(
            _part(whole, sorted(chosen)), _part(whole, [p for p in range(len(whole.rows)) if p not in chosen])
        )
    if not order:
        raise BadFile("A time split needs --order, the column of time. Or choose --random-split.")
    cut = round((time_split or _USUAL_SHARE) * len(whole.rows))
    return _Split(_part(whole, range(cut)), _part(whole, range(cut, len(whole.rows))))


def _part(table: Table, places: Sequence[int]) -> Table:
    return Table(table.path, table.names, [table.rows[place] for place in places])


def _judged(
    split: _Split, won: list[int], came: list[int], names: Sequence[str], leaks: Sequence[Leak]
) -> tuple[Trained, Measures]:
    refused = {leak.column for leak in leaks}
    columns = [Column(name) for name in names if name not in refused]
    if not columns:
        raise BadFile("Every one of these columns gives the outcome away. Name columns known when the lead came in.")
    try:
        trained = train(split.learned.rows, won, columns, window={"file": split.learned.path.name})
        return trained, measure(came, [trained.model.probability(row) for row in split.judged.rows])
    except TooFewOutcomes as why:
        raise BadFile(
            f"{split.learned.path}: {why} Bring at least 20 leads that were sold to and 20 that were not."
        ) from why
    except OneOutcome as why:
        raise BadFile(
            f"{split.judged.path}: all leads to be judged have the same outcome. Choose another split."
        ) from why


def _report(found: Measures, split: _Split, leaks: Sequence[Leak]) -> Report:
    figures = {name: getattr(found, name) for name in ("auc", "log_loss", "brier", "ece", "slope", "rows")}
    figures |= {"signal": int(has_signal(found)), "auc_error": found.auc_error, "learned_from": len(split.learned.rows)}
    return Report(figures, {"ece": {"max": 0.08}}, machine(), {"leaks": [leak.column for leak in leaks]})


def _lines(trained: Trained, leaks: Sequence[Leak], skipped: int, *, signal: bool) -> list[str]:
    lines = ["Beyond doubt better than chance." if signal else "No signal: these columns do not tell who buys."]
    lines += (
        [f"Left out: {skipped:,} rows whose outcome is open, or with more cells than the header."] if skipped else []
    )
    lines += [f"Refused: {leak.words}" for leak in leaks]
    lines += [f"Not used: “{name}” ({why})." for name, why in trained.unused.items()]
    return [*lines, f"Model {trained.model.version}, learned from {trained.model.window['rows']:,} leads."]
