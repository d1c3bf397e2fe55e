"""Statements that must always hold, each one query that returns the rows that break it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from marketplace.kit import clock
from marketplace.kit.db import db

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Invariant:
    """`breaches` is SQL that returns one row for each breach; its columns tell where; `:now` is the product's time."""

    code: str
    title: str
    breaches: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How one invariant stands: no rows means that it holds. At most 20 rows are kept."""

    code: str
    title: str
    rows: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        return not self.rows


def run(invariants: Iterable[Invariant]) -> list[Finding]:
    """Check each of them on one and the same snapshot of what is committed, on a connection of its own.

    One whose query fails does not hold, and keeps the others from nothing: whoever breaks a check must not silence it.
    """
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as snapshot:
        snapshot.execute(text("SET LOCAL statement_timeout = 0"))
        return [Finding(each.code, each.title, _breaches(snapshot, each)) for each in invariants]


def _breaches(snapshot: Connection, invariant: Invariant) -> list[dict[str, Any]]:
    now = {"now": clock.now()} if ":now" in invariant.breaches else {}
    try:
        with snapshot.begin_nested():
            rows = snapshot.execute(text(invariant.breaches), now).mappings().fetchmany(_SHOWN)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return [{"cannot_be_checked": str(getattr(error.orig, "sqlstate", None) or type(error.orig).__name__)}]
    return [{column: str(value) for column, value in row.items()} for row in rows]
