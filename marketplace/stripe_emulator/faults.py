"""What goes wrong between a program and Stripe, by dice that a seed makes repeatable. Off by default."""

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar


class RequestFault(StrEnum):
    """What may happen to one API request."""

    ERROR_BEFORE = "error_before"  # 500, nothing was done, the key forgets it
    RATE_LIMIT = "rate_limit"  # 429, nothing was done, the key forgets it
    CONFLICT = "conflict"  # 409, as if another request held the same key
    SAVED_ERROR = "saved_error"  # 500, nothing was done, and the key replays the 500
    SAVED_ERROR_AFTER = "saved_error_after"  # 500, although it WAS done, and the key replays the 500
    TIMEOUT_AFTER_COMMIT = "timeout_after_commit"  # done and saved, but no answer comes back


class EventFault(StrEnum):
    """What may happen to one webhook."""

    DUPLICATE = "duplicate"  # sent twice
    DROP = "drop"  # the first attempt is lost, the retry brings it
    DELAY = "delay"  # held back by `delay_seconds` of the emulator's clock
    REORDER = "reorder"  # events that come after it pass it


Fault = TypeVar("Fault", RequestFault, EventFault)
_WRITES_ONLY = {RequestFault.CONFLICT, RequestFault.SAVED_ERROR, RequestFault.SAVED_ERROR_AFTER}


@dataclass
class Faults:
    """A probability 0..1 for each fault; `force` makes the next matching request or event fail for certain."""

    seed: int = 0
    error_before: float = 0.0
    rate_limit: float = 0.0
    conflict: float = 0.0
    saved_error: float = 0.0
    saved_error_after: float = 0.0
    timeout_after_commit: float = 0.0
    duplicate: float = 0.0
    drop: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    delay_seconds: int = 30  # of the emulator's clock
    hang_seconds: float = 0.0  # of real time, before a timed-out connection breaks
    _forced: list[tuple[RequestFault | EventFault, str]] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  repeatable faults, not secrets

    def force(self, fault: RequestFault | EventFault, *, on: str = "") -> None:
        """The next request ("POST /v1/refunds") or event type ("charge.updated") that contains `on` has this fault."""
        with self._lock:
            self._forced.append((fault, on))

    def for_request(self, method: str, path: str) -> RequestFault | None:
        possible = [fault for fault in RequestFault if method == "POST" or fault not in _WRITES_ONLY]
        return next(iter(self._thrown(possible, f"{method} {path}")), None)

    def for_event(self, kind: str) -> list[EventFault]:
        return self._thrown(EventFault, kind)

    def _thrown(self, possible: Iterable[Fault], subject: str) -> list[Fault]:
        with self._lock:
            return [fault for fault in possible if self._is_forced(fault, subject) or self._falls(fault)]

    def _falls(self, fault: RequestFault | EventFault) -> bool:
        probability: float = getattr(self, fault.value)
        return probability > 0 and self._dice.random() < probability

    def _is_forced(self, fault: RequestFault | EventFault, subject: str) -> bool:
        for forced in self._forced:
            if forced[0] is fault and forced[1] in subject:
                self._forced.remove(forced)
                return True
        return False
