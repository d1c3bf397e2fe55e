"""A worker's database after each test: as it was migrated, with nothing in it."""

from datetime import UTC, datetime, timedelta

import psycopg

#: what migrations have filled
KEPT = ("alembic_version", "grade_terms", "ledger_kinds", "ledger_rules", "procrastinate_version")
#: from so many rows on a table is truncated; below that to delete them is far quicker
_MANY = 2_000

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
#: the server keeps the plans of what is in a function; of a hundred tables a test fills some twenty
_FUNCTION = "CREATE FUNCTION pg_temp.empty_all() RETURNS void LANGUAGE plpgsql AS $$ DECLARE found int; BEGIN {} END $$"
_EMPTY = """
SELECT count(*) INTO found FROM (SELECT FROM "{0}" LIMIT {1}) few;
IF found = {1} THEN TRUNCATE "{0}" CASCADE; ELSIF found > 0 THEN DELETE FROM "{0}"; END IF;
"""
_SEQUENCES = "SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public'"
_BEGIN_AGAIN = """
IF (SELECT is_called FROM "{0}") THEN PERFORM setval('"{0}"', {1}, false); END IF;
"""
_MIGRATED = "DELETE FROM grade_terms WHERE number > 1;"


class Emptier:
    """Empties what holds something, and nothing else: `Emptier(dsn)()`."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection = self._connected()

    def begin(self, moment: datetime) -> None:
        """Let the product's time be this moment now."""
        ahead = (moment - datetime.now(UTC)) // timedelta(microseconds=1)
        self._connection.execute("INSERT INTO clock_offset VALUES (true, %s)", (ahead,))

    def __call__(self) -> None:
        try:
            self._empty()
        except psycopg.OperationalError:  # a test that copies the whole database throws everybody out
            self._connection = self._connected()
            self._empty()

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(self._dsn, autocommit=True, prepare_threshold=0)
        connection.execute("SET session_replication_role = replica")  # no foreign keys, no triggers
        tables = [name for (name,) in connection.execute(_TABLES) if name not in KEPT]
        lines = [_EMPTY.format(name, _MANY) for name in tables]
        lines += [_BEGIN_AGAIN.format(*row) for row in connection.execute(_SEQUENCES)]
        connection.execute(_FUNCTION.format("".join([*lines, _MIGRATED])), prepare=False)
        return connection

    def _empty(self) -> None:
        self._connection.execute("SELECT pg_temp.empty_all()")

    def close(self) -> None:
        self._connection.close()
