"""The command and its subcommands."""

from importlib import import_module

import click

from marketplace.config import MissingSettings, WrongSetting
from marketplace.kit import memory
from marketplace.kit.embedded_postgres import PostgresUnavailable
from marketplace.kit.errors import Refusal
from marketplace.kit.ip_file import BrokenFile

#: where each command stands: only the one that is called is loaded
_COMMANDS = {
    "demo": "parts:demo",
    "serve": "parts:serve",
    "worker": "parts:worker",
    "migrate": "data:migrate",
    "check": "data:check",
    "restored": "restoring:restored",
    "user": "organisations:user",
    "org": "organisations:org",
    "api-key": "organisations:api_key",
    "clock": "time:clock",
    "import": "importing:import_file",
    "bench": "bench:bench",
    "evaluate": "evaluate:evaluate",
    "stripe-emulator": "parts:stripe_emulator",
    "demo-world": "parts:demo_world",
    "demo-cases": "parts:demo_cases",
}


class _Commands(click.Group):
    """Says what is wrong in one sentence where the product knows it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        with memory.loading():
            command: click.Command = getattr(import_module(f"marketplace.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refusal, MissingSettings, WrongSetting, BrokenFile, PostgresUnavailable) as why:
            raise click.ClickException(str(why)) from why


@click.group(cls=_Commands)
def main() -> None:
    """Fairlead: a lead exchange that proves what it sells."""
