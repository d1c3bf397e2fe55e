"""Where a bench runs: a database of its own, set up as in production, and the application on it."""

import base64
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask

from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.kit.db import db
from marketplace.kit.embedded_postgres import EmbeddedPostgres

_MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


@contextmanager
def ground() -> Iterator[tuple[Flask, Path]]:
    """The application in its context and a folder, on an empty, migrated database; all is thrown away afterwards.

    The server is a durable one (fsync, synchronous_commit and full_page_writes are on), as in production.

    Raises:
        PostgresUnavailable: no server can run here.
    """
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's own user must reach its cluster
        postgres = EmbeddedPostgres(folder)
        postgres.start(tied=True)
        try:
            app = create_app(_settings(postgres.url, folder / "files"))
            with app.app_context():
                flask_migrate.upgrade(directory=_MIGRATIONS)
                yield app, folder
                db.engine.dispose()
        finally:
            postgres.remove()


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which another process has the same settings."""
    names = (
        "database_url", "secret_key", "pii_keys", "pii_pepper", "stripe_secret_key", "stripe_webhook_secret",
        "stripe_api_base", "smtp_url", "mail_from", "public_url", "files_url", "log_level",
        "pool_size", "company_name", "company_address", "company_country",
    )  # fmt: skip
    given = {name.upper(): str(getattr(settings, name)) for name in names}
    return {**os.environ, **given, "FAIRLEAD_MODE": "production"}


def _settings(database_url: str, files: Path) -> Settings:
    """Production's own mode; nothing here is ever asked of Stripe or a mail server."""
    files.mkdir()
    return Settings(
        mode="production",
        database_url=database_url,
        secret_key=secrets.token_urlsafe(32),
        pii_keys="bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        pii_pepper=secrets.token_urlsafe(32),
        stripe_secret_key="sk_test_" + secrets.token_hex(12),
        stripe_webhook_secret="whsec_" + secrets.token_hex(16),
        stripe_api_base="http://127.0.0.1:9",
        smtp_url="smtp://127.0.0.1:9",
        mail_from="Fairlead <hello@fairlead.test>",
        public_url="http://127.0.0.1",
        files_url=files.as_uri(),
        company_name="Fairlead bench",
        company_address="1 Harbour Row, Dublin",
        company_country="IE",
    )
