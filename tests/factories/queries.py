"""What the database is asked, and how it finds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text

from marketplace.kit.db import session

#: how many rows it brings, its words and its values
Query = tuple[int, str, Any]


@contextmanager
def listening(asked: list[Query]) -> Iterator[None]:
    """Adds each query."""

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((cursor.rowcount, statement, parameters))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def plan_of(query: Query) -> str:
    """How it would be read where no table is small. To be called in a transaction that ends soon."""
    _rows, statement, values = query
    for way in ("seqscan", "bitmapscan", "sort"):
        session().execute(text(f"SET LOCAL enable_{way} = off"))
    return "\n".join(session().connection().exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
