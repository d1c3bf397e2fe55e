"""Identifiers: UUIDs of version 7, so that newer rows sort after older ones."""

import os
import threading
import time
from uuid import UUID

_RANDOM_BITS = 74
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7).

    Within a process each is greater than the one before: in the same millisecond the random bits grow by a random step
    (section 6.2, method 2), so that rows made in one go keep their order and no id tells the next.
    """
    global _last  # noqa: PLW0603  # the newest of this process
    milliseconds = time.time_ns() // 1_000_000
    fresh = (milliseconds << _RANDOM_BITS) | (int.from_bytes(os.urandom(10)) & (1 << _RANDOM_BITS) - 1)
    step = 1 + int.from_bytes(os.urandom(4))
    with _lock:
        _last = fresh if fresh >> _RANDOM_BITS > _last >> _RANDOM_BITS else _last + step
        value = _last
    head, tail = value >> 62, value & (1 << 62) - 1
    return UUID(int=(head >> 12) << 80 | 0x7 << 76 | (head & 0xFFF) << 64 | 0b10 << 62 | tail)
