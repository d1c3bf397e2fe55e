"""The JSON API: everything that the pages can do, for scripts. Each route parses, acts and renders, nothing more."""

from marketplace.api.app import init_app

__all__ = ["init_app"]
