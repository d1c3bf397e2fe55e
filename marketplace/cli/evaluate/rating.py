"""`fairlead evaluate rating`: the score, the grade and the interval of each agency in a file of outcomes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from marketplace.bench.report import Report, machine
from marketplace.cli.evaluate.table import BadFile, Table, read_table
from marketplace.cli.evaluate.telling import FILE, json_option, tell
from marketplace.quality.rating import Outcome, Outcomes, Rating, learn_expectation, rate

_NEEDED = ("agency", "buyer", "vertical", "channel", "age_days", "fault")
_OLDEST = 36_500.0
_WORDS = {
    "agencies": "agencies",
    "leads": "leads that have matured",
    "faults": "faults",
    "expectation_learned": "expectation learned from them (1) or the usual 8 % (0)",
}


@click.command()
@click.argument("file", type=FILE)
@json_option
def rating(file: Path, *, as_json: bool) -> None:
    """Rate each agency of FILE (columns agency, buyer, vertical, channel, age_days, fault 0/1; optional: e, group)."""
    table = read_table(file)
    table.require(*_NEEDED)
    outcomes = _outcomes(table)
    expectation = learn_expectation(outcomes)
    ratings = rate(outcomes, expectation)
    learned = int(expectation.level is not None and "e" not in table.names)
    counts = {"agencies": len(ratings), "leads": len(outcomes), "faults": sum(outcomes.faults)}
    told = {agency: _told(found) for agency, found in sorted(ratings.items())}
    report = Report({**counts, "expectation_learned": learned}, {}, machine(), {"ratings": told})
    tell(report, _WORDS, [_line(agency, found) for agency, found in sorted(ratings.items())], as_json=as_json)


def _outcomes(table: Table) -> Outcomes:
    groups = {row["buyer"]: row["group"] for row in table.rows if row.get("group")}
    outcomes = Outcomes(links=groups)
    for number, row in enumerate(table.rows, start=1):
        if row["fault"].strip() not in ("0", "1"):
            raise BadFile(f"{table.path}: row {number}: fault is {row['fault']!r}; write 0 or 1.")
        outcomes.add(
            Outcome(
                agency=row["agency"].strip(),
                buyer=row["buyer"].strip(),
                vertical=row["vertical"].strip(),
                channel=row["channel"].strip(),
                age_days=table.number(row, "age_days", 0, _OLDEST),
                fault=int(row["fault"]),
                expected=table.number(row, "e", 0, 1) if row.get("e", "").strip() else None,
            )
        )
    return outcomes


def _told(found: Rating) -> Mapping[str, Any]:
    told = found.to_json()
    return {name: told[name] for name in ("score", "grade", "interval", "n", "expected_fault", "buyers")}


def _line(agency: str, found: Rating) -> str:
    low, high = found.interval
    share = f"{found.expected_fault:.1%} faults expected, 80 % {low:.1%} to {high:.1%}"
    return f"{agency}: {found.score:.1f} {found.grade} ({found.leads:,} leads, {found.buyers} buyers; {share})"
