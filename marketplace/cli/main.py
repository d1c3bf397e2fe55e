"""The command and its subcommands."""

import click

from marketplace.cli import data, importing, organisations, parts, time
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


for command in (
    parts.demo,
    parts.serve,
    parts.worker,
    parts.stripe_emulator,
    parts.demo_world,
    data.migrate,
    data.check,
    organisations.user,
    organisations.org,
    organisations.api_key,
    time.clock,
    importing.import_file,
):
    main.add_command(command)
