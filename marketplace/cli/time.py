"""Commands about time: the demo's clock."""

import re
import time
from datetime import timedelta

import click

from marketplace.cli.application import application
from marketplace.jobs import defer
from marketplace.kit import clock as product_clock
from marketplace.kit.db import transaction
from marketplace.reactions import ON_THE_CLOCK

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d+)([mhdw])")


class Span(click.ParamType[timedelta]):
    """A span of time like 90m, 12h, 8d, 2w."""

    name = "span"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = _SPAN.fullmatch(value.strip())
        if not found:
            self.fail("Write the span like 90m, 12h, 8d or 2w.", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.group()
def clock() -> None:
    """The product's time, in the demo only."""


@clock.command()
@click.argument("span", type=Span())
def advance(span: timedelta) -> None:
    """Move the product's time forward by SPAN (8d, 12h ...); what falls due then happens."""
    with application() as app:
        if not app.extensions["settings"].has_movable_clock:
            raise click.ClickException("Time can be moved in the demo only.")
        with transaction():
            now = product_clock.advance(span)
        time.sleep(product_clock.KNOWN_EVERYWHERE_S)
        with transaction():
            for job in ON_THE_CLOCK:
                defer(job)
        click.echo(f"It is now {now:%Y-%m-%d %H:%M:%S} UTC.")
