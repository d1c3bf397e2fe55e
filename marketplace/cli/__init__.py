"""The `fairlead` command."""

from marketplace.cli.main import main

__all__ = ["main"]
