"""The pages of staff as a face of the application."""

from flask import Flask

from marketplace.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages of staff to the application."""
