"""`fairlead evaluate under-reporting`: which buyers are flagged for keeping sales back, and how soon."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path

import click

from marketplace.bench.report import Bound, Report, machine
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell
from marketplace.quality.under_reporting import RHO_WATCH, play

_WORDS = {
    "false_flag_rate": "honest buyers flagged",
    "median_leads_to_flag": "leads until a dishonest one is flagged, median (-1: half never are)",
    "flag_rate": "dishonest buyers flagged",
    "honest": "honest buyers",
    "dishonest": "dishonest buyers",
}


@dataclass
class _Leads:
    """Of one buyer, in time order."""

    honest: bool
    chances: list[float] = field(default_factory=list)
    reported: list[int] = field(default_factory=list)


@click.command(name="under-reporting")
@click.argument("file", type=FILE)
@click.option("--rho0", type=click.FloatRange(0.56, 1), default=RHO_WATCH, show_default=True,
              help="The least share of expected sales that counts as honest: .8 to watch, .65 to act.")  # fmt: skip
@json_option
def under_reporting(file: Path, *, rho0: float, as_json: bool) -> None:
    """Bet against each buyer of FILE (columns buyer, p, reported 0/1, honest 0/1; in time order)."""
    table = read_table(file)
    table.require("buyer", "p", "reported", "honest")
    buyers = _buyers(table)
    flagged: dict[bool, list[float]] = {True: [], False: []}
    for each in buyers.values():
        flagged[each.honest].append(play(each.chances, each.reported, rho0=rho0).flagged_at or float("inf"))
    tell(_report(flagged), _WORDS, ["A flag asks for proof; it is none."], as_json=as_json)


def _buyers(table: Table) -> dict[str, _Leads]:
    found: dict[str, _Leads] = {}
    for number, row in enumerate(table.rows, start=1):
        for name in ("reported", "honest"):
            if row[name].strip() not in ("0", "1"):
                raise BadFile(f"{table.path}: row {number}: {name} is {row[name]!r}; write 0 or 1.")
        honest = row["honest"].strip() == "1"
        mine = found.setdefault(row["buyer"], _Leads(honest))
        if mine.honest != honest:
            raise BadFile(f"{table.path}: row {number}: buyer {row['buyer']!r} was said to be the other kind before.")
        mine.chances.append(table.number(row, "p", 0, 1))
        mine.reported.append(int(row["reported"]))
    return found


def _report(flagged: dict[bool, list[float]]) -> Report:
    honest, dishonest = flagged[True], flagged[False]
    median = statistics.median_low(dishonest) if dishonest else float("inf")
    figures = {
        "false_flag_rate": _share(honest),
        "median_leads_to_flag": -1 if median == float("inf") else int(median),
        "flag_rate": _share(dishonest),
        "honest": len(honest),
        "dishonest": len(dishonest),
    }
    targets: dict[str, dict[Bound, float]] = {"false_flag_rate": {"max": 0.013}}
    return Report(figures, targets, machine())


def _share(flagged: list[float]) -> float:
    return sum(each != float("inf") for each in flagged) / max(1, len(flagged))
