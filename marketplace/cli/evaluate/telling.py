"""How an evaluation is told: a table in words for people, one line of JSON for scripts."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from marketplace.bench.report import Report

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Only one JSON object, nothing for people.")(command)


def tell(report: Report, words: Mapping[str, str], lines: Sequence[str] = (), *, as_json: bool) -> None:
    """Print the report.

    Args:
        words: what each figure is called, in the order in which they are told.
        lines: more to say below the table.
    """
    if as_json:
        click.echo(report.to_json())
        return
    width = max(map(len, words.values()))
    for name, word in words.items():
        value = report.figures[name]
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        click.echo(f"{word:<{width}}  {shown:>10}{_wanted(report, name)}")
    for line in lines:
        click.echo(line)


def _wanted(report: Report, name: str) -> str:
    target = report.targets.get(name, {})
    bounds = [f"at {'least' if bound == 'min' else 'most'} {value:g}" for bound, value in target.items()]
    return f"   wanted: {', '.join(bounds)}" if bounds else ""
