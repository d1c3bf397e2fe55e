"""Idempotency keys of requests that are still running: held in memory alone.

A killed process has done nothing with them, so they are free again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from marketplace.stripe_emulator.protocol.errors import KeyInUse


@dataclass(frozen=True)
class Key:
    """A key of one account in one of the two APIs."""

    text: str
    account: str = ""
    is_v2: bool = False

    @property
    def stored(self) -> str:
        return f"{'v2' if self.is_v2 else 'v1'} {self.account} {self.text}"


class RunningKeys:
    """The keys of requests that are being worked on at this moment."""

    def __init__(self) -> None:
        self._keys: set[Key] = set()
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, key: Key | None) -> Iterator[None]:
        """Keep others with the same key out: they get 409."""
        if key is None:
            yield
            return
        with self._lock:
            if key in self._keys:
                raise KeyInUse(key.text)
            self._keys.add(key)
        try:
            yield
        finally:
            self._keys.discard(key)
