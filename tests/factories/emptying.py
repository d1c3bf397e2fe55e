"""A worker's database after each test: as it was migrated, with nothing in it."""

from datetime import UTC, datetime, timedelta

import psycopg

#: what migrations have filled
KEPT = ("alembic_version", "grade_terms", "ledger_kinds", "ledger_rules", "procrastinate_version")
#: from so many rows on a table is truncated; below that to delete them is far quicker
_MANY = 2_000

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_COUNTED = """
SELECT '{0}', (SELECT count(*) FROM (SELECT FROM "{0}" LIMIT {1}) few) WHERE EXISTS (SELECT FROM "{0}")
"""
_COUNTERS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class Emptier:
    """Empties what holds something, and nothing else: `Emptier(dsn)()`."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection = self._connected()
        tables = [name for (name,) in self._connection.execute(_TABLES) if name not in KEPT]
        self._filled = " UNION ALL ".join(_COUNTED.format(name, _MANY) for name in tables)

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
        return connection

    def _empty(self) -> None:
        emptied = [
            f'TRUNCATE "{name}" CASCADE' if rows == _MANY else f'DELETE FROM "{name}"'
            for name, rows in self._connection.execute(self._filled).fetchall()
        ]
        self._connection.execute(_COUNTERS)
        self._connection.execute("; ".join([*emptied, "DELETE FROM grade_terms WHERE number > 1"]), prepare=False)

    def close(self) -> None:
        self._connection.close()
