"""Idempotency keys with Stripe's semantics: the first answer to a key is the answer, also when it was a 500.

A finished answer is stored in the same transaction as what it did. A key whose request is still running is only
held in memory: a killed process has done nothing with it, so the key is free again.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from marketplace.stripe_emulator.errors import IdempotencyMismatch, InvalidParameter, KeyInUse
from marketplace.stripe_emulator.store import Json, Transaction
from marketplace.stripe_emulator.world import DAY

_LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    request_id: str
    is_replayed: bool = False


class RunningKeys:
    """The keys of requests that are being worked on at this moment."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        """Keep others with the same key out: they get 409."""
        if key is None:
            yield
            return
        with self._lock:
            if key in self._keys:
                raise KeyInUse(key)
            self._keys.add(key)
        try:
            yield
        finally:
            self._keys.discard(key)


def checked_key(key: str | None) -> str | None:
    if key is not None and len(key) > _LONGEST_KEY:
        raise InvalidParameter(f"Idempotency keys must be at most {_LONGEST_KEY} characters.")
    return key or None


def saved_answer(rows: Transaction, key: str, path: str, params: Json, now: int) -> Answer | None:
    """The answer that this key already has; an error when the key belongs to another request. Keys live for a day."""
    rows.run("DELETE FROM answers WHERE created <= ?", now - DAY)
    found = rows.rows("SELECT path, fingerprint, status, body, request_id FROM answers WHERE key = ?", key)
    if not found:
        return None
    row = found[0]
    if row["path"] != path:
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{row['path']}'). Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
    if row["fingerprint"] != _fingerprint(params):
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
    return Answer(row["status"], row["body"], row["request_id"], is_replayed=True)


def save_answer(rows: Transaction, key: str, path: str, params: Json, answer: Answer, now: int) -> None:
    rows.run(
        "INSERT INTO answers (key, path, fingerprint, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
        key, path, _fingerprint(params), answer.status, answer.body, answer.request_id, now,
    )  # fmt: skip


def _fingerprint(params: Json) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
