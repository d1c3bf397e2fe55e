"""Whether a kept connection is still there, read from its socket: between statements a living server says nothing.

A ping before each use would cost a round trip. A server that has ended, or ended this session, has closed the socket
or said so on it: then, and only then, it is asked. A machine that vanished without a word is the network's to find:
see `keepalives` in `CONNECT_ARGS`.
"""

import select
from typing import Any

from psycopg.pq import ExecStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

#: how long one statement may wait for a lock or run, and after how long an end that does not answer is given up
CONNECT_ARGS = {
    "options": "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=60s",
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def watch(engine: Engine) -> None:
    """Look at each connection of the engine before it is used again; one that is gone is replaced, with all its kin."""
    event.listen(engine, "checkout", _look)


def _look(connection: Any, _record: Any, _proxy: Any) -> None:
    if connection.closed or (_has_news(connection.fileno()) and not _answers(connection)):
        raise InvalidatePoolError


def _has_news(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def _answers(connection: Any) -> bool:
    return bool(connection.pgconn.exec_(b"SELECT 1").status == ExecStatus.TUPLES_OK)
