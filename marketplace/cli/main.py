"""The command and its subcommands."""

import click

from marketplace.cli.bench import bench
from marketplace.cli.data import check, migrate
from marketplace.cli.evaluate import evaluate
from marketplace.cli.importing import import_file
from marketplace.cli.organisations import api_key, org, user
from marketplace.cli.parts import demo, demo_world, serve, stripe_emulator, worker
from marketplace.cli.restoring import restored
from marketplace.cli.time import clock
from marketplace.config import MissingSettings
from marketplace.kit.embedded_postgres import PostgresUnavailable
from marketplace.kit.errors import Refusal


class _Commands(click.Group):
    """Says what is wrong in one sentence where the product knows it."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refusal, MissingSettings, PostgresUnavailable) as why:
            raise click.ClickException(str(why)) from why


@click.group(cls=_Commands)
def main() -> None:
    """Fairlead: a lead exchange that proves what it sells."""


_ALL = (
    demo, serve, worker, migrate, check, restored, user, org, api_key, clock, import_file, bench, evaluate,
    stripe_emulator, demo_world,
)  # fmt: skip
for command in _ALL:
    main.add_command(command)
