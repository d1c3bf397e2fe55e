"""The pages of staff."""

from marketplace.admin.app import init_app

__all__ = ["init_app"]
