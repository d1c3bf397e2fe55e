"""Commands about the database: bring it up to date, prove that everything in it holds."""

import json
import sys
from pathlib import Path

import click
import flask_migrate

from marketplace.cli.application import application
from marketplace.insights.health import run_checks

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with application():
        flask_migrate.upgrade(directory=MIGRATIONS)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a list.")
def check(*, as_json: bool) -> None:
    """Run every invariant; exit 1 and show the failing rows if one fails."""
    with application():
        findings = run_checks()
    if as_json:
        rows = [{"code": f.code, "title": f.title, "holds": f.holds, "rows": f.rows} for f in findings]
        click.echo(json.dumps({"ok": all(f.holds for f in findings), "invariants": rows}))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.holds else 'FAIL'} {finding.code:4} {finding.title}")
            for row in finding.rows:
                click.echo(f"          {row}")
    sys.exit(0 if all(finding.holds for finding in findings) else 1)
