"""Alembic runs on the application's own engine and compares with the models of every feature.

Each migration is a transaction of its own: what it locks is free again before the next one begins. Two that migrate at
the same time take turns, however long one takes; no statement of a migration is too long. A lock on a table is waited
for as short as ever: behind one that waits, everybody else would.
"""

import time
from typing import Any

from alembic import context
from sqlalchemy import text

from marketplace.kit.db import Base, db

_TURN = text("SELECT pg_try_advisory_lock(hashtext('fairlead migrate'))")
_DONE = text("SELECT pg_advisory_unlock(hashtext('fairlead migrate'))")
_ASKED_AGAIN_S = 0.2
#: a connection of the application gives up after seconds; RESET is what it began with
_PATIENT, _AS_EVER = text("SET statement_timeout = 0"), text("RESET statement_timeout; RESET lock_timeout")
#: written by processes of the release before, which may go on while new ones are started; to be dropped with the next
_LEFT = {("lead_twins", "if_sold"), ("lead_twins", "if_on_sale")}


def _is_ours(found: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The job queue keeps its tables by itself, and a column that goes stays for one release."""
    if kind == "column":
        return (found.table.name, name) not in _LEFT
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


with db.engine.connect() as connection:
    connection.execute(_PATIENT)
    while not connection.scalar(_TURN):
        connection.commit()  # an index that is built beside the others would wait for whoever waits in a statement
        time.sleep(_ASKED_AGAIN_S)
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=_is_ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(_DONE)
        connection.execute(_AS_EVER)
        connection.commit()
