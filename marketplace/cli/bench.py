"""The command that measures."""

import click

from marketplace.bench import BENCHES


@click.command()
@click.argument("name", type=click.Choice([*BENCHES, "all"]))
@click.option("--seconds", type=click.FloatRange(min=0.5), default=90.0, show_default=True, help="How long to measure.")
@click.option("--agencies", type=click.IntRange(min=1), help="rating: how many agencies. [default: 2,000]")
@click.option("--leads", type=click.IntRange(min=1), help="rating: how many matured leads. [default: 1,000,000]")
@click.option("--json", "as_json", is_flag=True, help="Only one JSON object, nothing for people.")
def bench(name: str, *, seconds: float, agencies: int | None, leads: int | None, as_json: bool) -> None:
    """Measure the product on a database of its own; the last line is one JSON object with figures and targets."""
    size = {key: value for key, value in (("agencies", agencies), ("leads", leads)) if value is not None}
    if size and name != "rating":
        raise click.UsageError("--agencies and --leads are for the bench called rating.")
    for each in BENCHES if name == "all" else [name]:
        report = BENCHES[each](seconds, _silent if as_json else click.echo, **size)
        click.echo(report.to_json())


def _silent(_line: str) -> None:
    """Nobody is told."""
