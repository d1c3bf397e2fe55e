"""Hot paths: statements that go to the database without a session, turned into SQL once.

A statement that is an act of its own is committed by the server with its answer: one round trip where a session needs
three (BEGIN, statement, COMMIT), and no ORM. Inside `transaction()` the same statement is part of that transaction.
"""

import re
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from psycopg import RawCursor
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

from marketplace.kit.db import Base, db, session

M = TypeVar("M", bound=Base)

_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
_ALONE: ContextVar[bool] = ContextVar("alone", default=False)


class NoTransaction(Exception):
    """An act was sent outside `transaction()` and `alone()`: the edge must say which of the two it is."""


@contextmanager
def alone() -> Iterator[None]:
    """An edge whose act is one single `Act`, a transaction of its own. What belongs together takes `transaction()`."""
    token = _ALONE.set(True)
    try:
        yield
    finally:
        _ALONE.reset(token)


class Read:
    """A select that changes nothing. Its values are given by the names of its bind parameters; it takes no `in_`.

    Attributes:
        sql: as the server takes it, with `$1`, `$2` ... for what changes; what the select itself fixes stands in it.
        names: of the parameters, in the order of their numbers.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)
        self.names: list[str] = []

        def numbered(place: re.Match[str]) -> str:
            name = compiled.positiontup[int(place[1]) - 1]
            value, kind = compiled.params[name], compiled.binds[name].type
            if value is not None:
                return str(compiled.render_literal_value(value, kind))
            if name not in self.names:
                self.names.append(name)
            return f"${self.names.index(name) + 1}"

        self.sql = re.sub(r"\$(\d+)", numbered, str(compiled))
        columns = [column.key or "" for column in statement.selected_columns]
        self._row: Any = tuple
        if all(name.isidentifier() for name in columns):
            make: Any = namedtuple  # noqa: PYI024  # the names are known here only
            self._row = make("Row", columns)._make

    def first(self, **values: Any) -> Any:
        """The first row, or None. Its columns have names, unless the select has one without (`literal_column`).

        Raises:
            DBAPIError: what the database says.
        """
        found = _first(self.sql, [values[name] for name in self.names])
        return None if found is None else self._row(found)


class Act(Read):
    """A select of a function that changes something: part of the edge's transaction, or alone."""

    def first(self, **values: Any) -> Any:
        """Do it; the first row of what it gives, or None.

        Raises:
            DBAPIError: what the database says. NoTransaction.
        """
        if not _ALONE.get() and not _is_in_act():
            raise NoTransaction
        return super().first(**values)


def snapshot(model: type[M], values: Mapping[str, Any]) -> M:
    """A row as its model reads, to be looked at only: no session knows it, and what was not read raises."""
    found = model.__new__(model)
    found.__dict__.update(values)
    return found


def _is_in_act() -> bool:
    return db.session.registry.has() and bool(session().info.get("in_act"))


def _first(sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    if _is_in_act():
        session().flush()
        return _ask(session().connection().connection.driver_connection, sql, values)
    lent = db.engine.raw_connection()
    connection: Any = lent.driver_connection
    try:
        connection.autocommit = True
        return _ask(connection, sql, values)
    finally:
        if not connection.closed:
            connection.autocommit = False
        lent.close()


def _ask(connection: Any, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    try:
        found: tuple[Any, ...] | None = RawCursor(connection).execute(sql, values, prepare=True).fetchone()
    except psycopg.Error as error:
        # as SQLAlchemy raises it everywhere else
        raise DBAPIError.instance(
            None,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=connection.closed,
            dialect=db.engine.dialect,
        ) from error
    return found
