"""All rows of the test's database, taken and put back: each life begins with the same people, listings and leads."""

import psycopg

from marketplace.kit.db import db
from tests.factories.emptying import KEPT


def connect() -> psycopg.Connection:
    """To the same database, beside the product."""
    plain = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in rows if name not in KEPT]


def save() -> dict[str, bytes]:
    """The rows of every table that has some."""
    saved = {}
    with connect() as connection:
        for name in _tables(connection):
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as rows:
                content = b"".join(bytes(part) for part in rows)
            if connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone():
                saved[name] = content
    return saved


def restore(saved: dict[str, bytes]) -> None:
    with connect() as connection:
        connection.execute("SET session_replication_role = replica")
        for name in _tables(connection):
            connection.execute(f'DELETE FROM "{name}"')  # quicker than TRUNCATE while there are few rows
        for name, content in saved.items():
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as rows:
                rows.write(content)
