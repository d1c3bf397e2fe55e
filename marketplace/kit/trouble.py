"""Which database errors are passing trouble and not bugs: both faces answer them with `Busy`."""

import errno

from psycopg import OperationalError as ConnectionTrouble
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolExhausted

#: the file store has no room
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: SQLAlchemy's own code for a session whose connection was lost in the middle of a transaction
_LOST_IN_THE_MIDDLE = "8s2b"
_KINDS = (OperationalError, InterfaceError, PoolExhausted, ConnectionTrouble)


def is_passing(error: BaseException) -> bool:
    """Whether nothing is wrong with what was asked: try the same again later.

    No connection or none free, a lock or a statement that took too long, two that waited for each other, a full disk.
    """
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, PendingRollbackError) and error.code == _LOST_IN_THE_MIDDLE:
        return True
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return isinstance(error, _KINDS)
