"""A backup of the test's database, and the way back to it, on which everything since the backup is lost."""

import itertools

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction

_NUMBERS = itertools.count(1)


class Backup:
    """Made at once. `restore()` puts it in the place of the database, as often as wanted; time does not go back."""

    def __init__(self) -> None:
        self._url = make_url(db.engine.url)
        self._name = f"{self._url.database}_backup_{next(_NUMBERS)}"
        self._copy(str(self._url.database), self._name)

    def restore(self) -> None:
        ahead = session().scalar(text("SELECT microseconds FROM clock_offset"))
        self._copy(self._name, str(self._url.database))
        if ahead is not None:
            with transaction():
                session().execute(text("DELETE FROM clock_offset"))
                session().execute(text("INSERT INTO clock_offset VALUES (true, :ahead)"), {"ahead": ahead})
        clock.let_it_move(allowed=True)

    def drop(self) -> None:
        with self._server() as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self._name)))

    def _copy(self, source: str, target: str) -> None:
        db.session.remove()
        db.engine.dispose()
        with self._server() as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)", [[source, target]]
            )
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            server.execute(made.format(sql.Identifier(target), sql.Identifier(source)))

    def _server(self) -> psycopg.Connection:
        dsn = self._url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        return psycopg.connect(dsn, autocommit=True)
