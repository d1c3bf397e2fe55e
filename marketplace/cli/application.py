"""The application for one command: with the settings of the environment, or of a demo's folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.demo import settings_of
from marketplace.kit.embedded_postgres import running_or_started
from marketplace.people import Who, queries


@contextmanager
def settings() -> Iterator[Settings]:
    """`DATABASE_URL` wins; without it `FAIRLEAD_DATA_DIR` names a folder whose server is used, or started meanwhile.

    Raises:
        MissingSettings: neither is set, or something else is missing.
    """
    folder = os.environ.get("FAIRLEAD_DATA_DIR")
    if os.environ.get("DATABASE_URL") or not folder:
        yield Settings.from_env()
        return
    with running_or_started(Path(folder)):
        yield settings_of(Path(folder))


@contextmanager
def application() -> Iterator[Flask]:
    """The application with its context pushed."""
    with settings() as found:
        app = create_app(found)
        with app.app_context():
            yield app


def who(email: str) -> Who:
    """The person with this address, acting by command."""
    return queries.who_of_address(email.strip().lower(), via="command")
