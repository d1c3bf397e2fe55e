"""`fairlead evaluate conversion`: does p_convert tell buyers from others, on leads that it has not seen?"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from marketplace.bench.report import Report, machine
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell
from marketplace.quality import evaluation
from marketplace.quality.evaluation import CannotJudge, Judgement, NeverPositive, OneOutcomeToJudge, Split

_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
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
    found = _judged(split, target, positive, names, file=file, judged_file=test_file or file)
    lines = _lines(found, whole.skipped)
    tell(_report(found, len(split.learned)), _WORDS, lines, as_json=as_json)


def _names(text: str) -> list[str]:
    """The names between commas; a name with a comma of its own stands in double quotes."""
    names = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()]
    return list(dict.fromkeys(names))


def _decided(table: Table, target: str, positive: str, negative: str | None) -> Table:
    """Only rows whose outcome is known: a deal that is still open is no lost one. Raises BadFile."""
    table.require(target)
    try:
        rows = evaluation.decided(table.rows, target, positive, None if negative is None else {negative})
    except NeverPositive as why:
        values = sorted({row[target] for row in table.rows})[:6]
        raise BadFile(f"{table.path}: “{target}” is never {positive!r}. Its values begin with {values}.") from why
    return Table(table.path, table.names, list(rows), table.skipped + len(table.rows) - len(rows))


def _split(
    whole: Table,
    test: Table | None,
    *,
    order: str | None,
    time_split: float | None,
    random_split: float | None,
    seed: int,
) -> Split:  # fmt: skip
    if sum(each is not None for each in (test, time_split, random_split)) > 1:
        raise BadFile("Choose one of --time-split, --random-split and --test.")
    if order:
        whole = whole.ordered_by(order)
    if test:
        return Split(whole.rows, test.rows)
    if random_split is not None:
        return evaluation.split_at_random(whole.rows, random_split, seed=seed)
    if not order:
        raise BadFile("A time split needs --order, the column of time. Or choose --random-split.")
    return evaluation.split_in_order(whole.rows, time_split or evaluation.USUAL_SHARE)


def _judged(
    split: Split, target: str, positive: str, names: Sequence[str], *, file: Path, judged_file: Path
) -> Judgement:
    try:
        return evaluation.judge(split, target, positive, names, window={"file": file.name})
    except OneOutcomeToJudge as why:
        raise BadFile(f"{judged_file}: {why}") from why
    except CannotJudge as why:
        raise BadFile(f"{file}: {why}") from why


def _report(found: Judgement, learned_from: int) -> Report:
    figures = {name: getattr(found.measures, name) for name in ("auc", "log_loss", "brier", "ece", "slope", "rows")}
    figures |= {"signal": int(found.is_signal), "auc_error": found.measures.auc_error, "learned_from": learned_from}
    return Report(figures, {"ece": {"max": 0.08}}, machine(), {"leaks": [leak.column for leak in found.leaks]})


def _lines(found: Judgement, skipped: int) -> list[str]:
    model, unused = found.trained.model, found.trained.unused
    lines = [
        "Beyond doubt better than chance." if found.is_signal else "No signal: these columns do not tell who buys."
    ]
    lines += (
        [f"Left out: {skipped:,} rows whose outcome is open, or with more cells than the header."] if skipped else []
    )
    lines += [f"Refused: {leak.words}" for leak in found.leaks]
    lines += [f"Not used: “{name}” ({why})." for name, why in unused.items()]
    return [*lines, f"Model {model.version}, learned from {model.window['rows']:,} leads."]
