"""Idempotency keys with Stripe's semantics: the first answer to a key is the answer, also when it was a 500.

A finished answer is stored in the same transaction as what it did.
API v2 is different: only what succeeded is remembered, for thirty days, and a repetition shows the present state.
"""

import hashlib
import json
from dataclasses import dataclass

from marketplace.stripe_emulator.protocol.errors import IdempotencyMismatch
from marketplace.stripe_emulator.protocol.keys import Key
from marketplace.stripe_emulator.store import Json, Transaction
from marketplace.stripe_emulator.world import DAY

_LIVES = DAY
_LIVES_V2 = 30 * DAY


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    request_id: str
    is_replayed: bool = False
    is_final: bool = False  # repeating it with its key would only bring the same


def saved_answer(rows: Transaction, key: Key, path: str, params: Json, now: int) -> Answer | None:
    """The answer that this key already has. Raises IdempotencyMismatch when the key belongs to another request."""
    rows.run("DELETE FROM answers WHERE forgotten_at <= ?", now)
    found = rows.rows("SELECT path, fingerprint, status, body, request_id FROM answers WHERE key = ?", key.stored)
    if not found:
        return None
    row = found[0]
    if row["path"] != path:
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{row['path']}'). Try using a key other than '{key.text}' if you meant to execute a "
            "different request."
        )
    if row["fingerprint"] != _fingerprint(params):
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key.text}' if you meant to execute a different request."
        )
    return Answer(row["status"], row["body"], row["request_id"], is_replayed=True, is_final=row["status"] == 500)  # noqa: PLR2004


def save_answer(rows: Transaction, key: Key, path: str, params: Json, answer: Answer, now: int) -> None:
    forgotten_at = now + (_LIVES_V2 if key.is_v2 else _LIVES)
    rows.run(
        "INSERT INTO answers (key, path, fingerprint, status, body, request_id, forgotten_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        key.stored, path, _fingerprint(params), answer.status, answer.body, answer.request_id, forgotten_at,
    )  # fmt: skip


def _fingerprint(params: Json) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
