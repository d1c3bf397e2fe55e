"""Everything that the emulator knows, in one SQLite file that survives a killed process.

One connection behind one lock: the emulator is one process, and its work is short. A commit reaches the disk
before anyone hears of it (WAL, synchronous=FULL), unless a test does without.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Row = sqlite3.Row

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  account TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS objects_by_account ON objects (kind, account, seq);
CREATE TABLE IF NOT EXISTS due (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  object_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS due_by_time ON due (at, id);
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  request_id TEXT NOT NULL,
  forgotten_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_by_age ON answers (forgotten_at);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL REFERENCES objects (id),
  places_back REAL NOT NULL,
  is_lost INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  due_real REAL NOT NULL
);
"""

UPGRADES = (  # of a store that was made before; PRAGMA user_version counts those that were done
    """UPDATE objects SET body = json_set(
      body, '$.customer', NULL, '$._is_set_up', json('false'), '$._is_used', json('true')
    ) WHERE kind = 'payment_method'""",
    "ALTER TABLE objects ADD COLUMN account TEXT NOT NULL DEFAULT ''; DROP INDEX objects_by_kind",
    """ALTER TABLE answers RENAME COLUMN created TO forgotten_at;
    UPDATE answers SET forgotten_at = forgotten_at + 86400, key = 'v1  ' || key""",
)


class Transaction:
    """The rows as one unit of work sees them. Objects are Stripe's JSON; names that start with `_` are never shown."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; how many rows it touched comes back."""
        return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def add(self, body: Json, account: str = "") -> None:
        """`account`: the connected account whose object it is, or "" for the platform."""
        self.run(
            "INSERT INTO objects (id, kind, body, account) VALUES (?, ?, ?, ?)",
            body["id"], body["object"], json.dumps(body), account,
        )  # fmt: skip

    def save(self, body: Json) -> None:
        self.run("UPDATE objects SET body = ? WHERE id = ?", json.dumps(body), body["id"])

    def find(self, object_id: str) -> Json | None:
        found = self.rows("SELECT body FROM objects WHERE id = ?", object_id)
        return _body(found[0]) if found else None

    def owner_of(self, object_id: str) -> str | None:
        """The connected account whose object it is, or "" for the platform's; None when there is no such object."""
        found = self.rows("SELECT account FROM objects WHERE id = ?", object_id)
        return found[0]["account"] if found else None

    def newest_first(self, kind: str, account: str = "", *, before: str | None = None) -> Iterator[Json]:
        """An account's objects of one kind from the newest to the oldest, or those older than the object `before`."""
        yield from self._bodies(
            "SELECT body FROM objects WHERE kind = ? AND account = ?"
            " AND seq < coalesce((SELECT seq FROM objects WHERE id = ?), ?) ORDER BY seq DESC",
            kind, account, before, 2**62,
        )  # fmt: skip

    def newer_than(self, kind: str, account: str, after: str) -> Iterator[Json]:
        """An account's objects of one kind that came after the object `after`, the nearest first."""
        yield from self._bodies(
            "SELECT body FROM objects WHERE kind = ? AND account = ?"
            " AND seq > (SELECT seq FROM objects WHERE id = ?) ORDER BY seq",
            kind, account, after,
        )  # fmt: skip

    def _bodies(self, sql: str, *values: object) -> Iterator[Json]:
        return map(_body, self._connection.execute(sql, values))


class Store:
    def __init__(self, path: Path, *, is_durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'OFF'}")
        self._connection.execute("PRAGMA foreign_keys = ON")
        _prepare(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing: commits at the end, rolls back on any exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new store, or bring those of an older program up to date."""
    is_new = not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'objects'").fetchone()
    done = len(UPGRADES) if is_new else connection.execute("PRAGMA user_version").fetchone()[0]
    for number, upgrade in enumerate(UPGRADES[done:], done + 1):
        connection.executescript(f"BEGIN; {upgrade}; PRAGMA user_version = {number}; COMMIT;")
    connection.executescript(f"{SCHEMA}; PRAGMA user_version = {len(UPGRADES)};")


def _body(row: Row) -> Json:
    body: Json = json.loads(row["body"])
    return body
