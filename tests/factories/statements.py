"""Statements that stay prepared from test to test.

The driver keeps a hundred, and drops all at a rollback. In the tests each connection is asked some thousand different
ones again and again, and refusals roll back all the time: to read and plan them anew took an eighth of a whole run.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg._connection_base import BaseConnection
from psycopg._preparing import PrepareManager
from psycopg.pq import TransactionStatus

_rolled_back = BaseConnection._rollback_gen


def keep(patch: pytest.MonkeyPatch) -> None:
    """As long as the patch lasts."""
    patch.setattr(PrepareManager, "prepare_threshold", 2)
    patch.setattr(PrepareManager, "prepared_max", 5_000)
    patch.setattr(PrepareManager, "sound", 0, raising=False)
    patch.setattr(BaseConnection, "_rollback_gen", _roll_back)


def _roll_back(connection: BaseConnection[Any]) -> Iterator[Any]:
    """After an error those are dropped that the driver may only think that the server has: in a pipeline it cannot see.

    They are as new as the last rollback; each has its number in its name.
    """
    kept, has_failed = connection._prepared, connection.pgconn.transaction_status == TransactionStatus.INERROR
    connection._prepared = PrepareManager()
    yield from _rolled_back(connection)
    connection._prepared = kept
    if has_failed:
        for key, name in list(kept._names.items()):
            if int(name.removeprefix(b"_pg3_")) >= kept.sound:
                del kept._names[key]
    kept.sound = kept._prepared_idx
