"""The command that measures."""

import click

from marketplace.bench import BENCHES


@click.command()
@click.argument("name", type=click.Choice([*BENCHES, "all"]))
@click.option("--seconds", type=click.FloatRange(min=0.5), default=90.0, show_default=True, help="How long to measure.")
@click.option("--json", "as_json", is_flag=True, help="Only one JSON object, nothing for people.")
def bench(name: str, *, seconds: float, as_json: bool) -> None:
    """Measure the product on a database of its own; the last line is one JSON object with figures and targets."""
    for each in BENCHES if name == "all" else [name]:
        report = BENCHES[each](seconds, _silent if as_json else click.echo)
        click.echo(report.to_json())


def _silent(_line: str) -> None:
    """Nobody is told."""
