"""The command after a restore from a backup."""

import sys
from datetime import UTC, datetime

import click

from marketplace.billing import restoring
from marketplace.billing.restoring import Report
from marketplace.cli.application import application
from marketplace.insights.health import run_checks
from marketplace.kit.db import transaction

_WORDS = {
    "top_up.adopted": "top-ups",
    "card_refund.adopted": "refunds to cards",
    "payout.adopted": "payouts",
    "payout_account.adopted": "accounts of agencies",
    "sweep.adopted": "sweeps to our bank",
}
_SHOWN = 50


@click.command()
@click.option("--since", type=click.DateTime(), help="Read Stripe's news from here on (UTC), instead of by itself.")
@click.option("--accept", is_flag=True, help="Let money move again although a rule of the books is broken.")
def restored(*, since: datetime | None, accept: bool) -> None:
    """After a restore: bring back what Stripe did since the backup; until then nothing is sent. May be repeated."""
    with application():
        report = restoring.restore(since.replace(tzinfo=UTC) if since else None)
        _tell(report)
        broken = [finding for finding in run_checks() if not finding.holds]
        for finding in broken:
            click.echo(f"FAIL {finding.code:4} {finding.title}")
            for row in finding.rows:
                click.echo(f"          {row}")
        if broken and not accept:
            click.echo("Money rests. Put this right and run the command again, or accept it with --accept.")
            sys.exit(1)
        with transaction():
            restoring.finish()
    click.echo("Money may move again.")


def _tell(report: Report) -> None:
    click.echo(f"Stripe's news since {report.since:%Y-%m-%d %H:%M} UTC were read again.")
    if not report.is_whole:
        click.echo(f"Stripe lists events of {restoring.REMEMBERS.days} days only: compare what is older by hand.")
    for name, count in report.adopted.items():
        click.echo(f"{count:6} {_WORDS[name]} that the backup did not have")
    for money in report.owed:
        click.echo(
            f"       {money} of that is owed to us now: it was paid from what was earned in the time that is lost"
        )
    for news in report.left[:_SHOWN]:
        click.echo(f"       not settled: {news.type} {news.object_id} ({news.id}); see Money health")
    for line in report.unmatched[:_SHOWN]:
        click.echo(f"       not in the books (yet): {line.kind} {line.source} {line.net}; see Payouts and treasury")
