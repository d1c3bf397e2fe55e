"""The supervisor."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from marketplace.kit.embedded_postgres import PostgresUnavailable

_TICK_S = 0.2
_ATTEMPTS_AT_FIRST = 3
#: a part that lived this long is well again: its next end counts as the first
_WELL_AFTER_S = 5.0
_LONGEST_BACK_OFF_S = 3.0


class PartFailed(Exception):  # it says what is the case, like every refusal here
    """A part does not start; the message has its name and the end of its log."""


class Service(Protocol):
    """Something that the supervisor keeps alive."""

    @property
    def name(self) -> str: ...
    @property
    def once(self) -> bool: ...
    @property
    def ready_within(self) -> float: ...
    def start(self, logs: Path, /) -> None: ...
    @property
    def is_alive(self) -> bool: ...
    @property
    def is_ready(self) -> bool: ...
    @property
    def how_it_ended(self) -> str: ...
    @property
    def last_words(self) -> str: ...
    def ask_to_end(self) -> None: ...
    @property
    def has_ended(self) -> bool: ...
    def force_end(self) -> None: ...


@dataclass
class _Watched:
    service: Service
    started_at: float = field(default_factory=time.monotonic)
    failures: int = 0
    is_down: bool = False
    not_before: float = 0.0

    def note_end(self) -> float:
        """Count an end, and say for how many seconds to leave the part alone; the first time not at all."""
        now = time.monotonic()
        if now - self.started_at > _WELL_AFTER_S:
            self.failures = 0
        pause = min(0.25 * 2**self.failures, _LONGEST_BACK_OFF_S) if self.failures else 0.0
        self.failures += 1
        self.is_down, self.not_before = True, now + pause
        return pause

    def note_start(self) -> None:
        self.is_down, self.started_at = False, time.monotonic()


class Supervisor:
    """Starts services in order, restarts those that die, ends them in reverse order."""

    def __init__(
        self, services: Sequence[Service], *, logs: Path, grace: float = 10.0, say: Callable[[str], None] | None = None
    ) -> None:
        """Name the services; nothing is started yet.

        Args:
            services: each may rely on those before it.
            logs: the folder for their output.
            grace: seconds between asking a service to end and ending it by force.
            say: told one sentence when a part dies or fails; by default it goes to standard error.
        """
        self._services = services
        self._logs = logs
        self._grace = grace
        self._say = say or _to_standard_error
        self._watched: list[_Watched] = []
        self._ending = threading.Event()
        self._hurrying = threading.Event()

    def run(self, when_ready: Callable[[], None] | None = None) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; a second signal cuts the grace short. In the main thread only.

        Args:
            when_ready: called once, when all services are ready.

        Raises:
            PartFailed: a service does not start; those before it have been ended.
        """
        with self._listening():
            try:
                for service in self._services:
                    self._bring_up(service)
                if when_ready and not self._ending.is_set():
                    when_ready()
                while not self._ending.wait(_TICK_S):
                    self._look_after_all()
            finally:
                self._end_all()

    def _bring_up(self, service: Service) -> None:
        for attempt in range(_ATTEMPTS_AT_FIRST):
            if self._ending.wait(attempt) or self._comes_up(service):
                return
            if service.once:
                break
        raise PartFailed(f"{service.name} does not start ({service.how_it_ended}).\n{service.last_words}")

    def _comes_up(self, service: Service) -> bool:
        """Whether it got ready, or nobody waits for it any more; those before it are looked after meanwhile."""
        watched = _Watched(service)
        try:
            service.start(self._logs)
        except PostgresUnavailable as error:
            raise PartFailed(str(error)) from error
        self._watched = [*(one for one in self._watched if one.service is not service), watched]
        deadline = time.monotonic() + service.ready_within
        while service.is_alive and time.monotonic() < deadline:
            if service.is_ready or self._ending.wait(_TICK_S):
                return True
            self._look_after_all(but=service)
        return service.is_ready

    def _look_after_all(self, but: Service | None = None) -> None:
        for watched in self._watched:
            if watched.service is not but and not watched.service.is_alive:
                self._revive(watched)

    def _revive(self, watched: _Watched) -> None:
        service = watched.service
        if not watched.is_down:
            pause = watched.note_end()
            when = f" in {pause:.1f} s" if pause else ""
            self._say(f"{service.name} ended ({service.how_it_ended}); it is started again{when}.")
        if time.monotonic() < watched.not_before:
            return
        watched.note_start()
        try:
            service.start(self._logs)
        except PostgresUnavailable as error:  # it counts as ended again, and is tried again later
            self._say(str(error))

    def _end_all(self) -> None:
        for watched in reversed(self._watched):
            service = watched.service
            service.ask_to_end()
            deadline = time.monotonic() + self._grace
            while not service.has_ended and time.monotonic() < deadline and not self._hurrying.wait(_TICK_S / 10):
                pass
            service.force_end()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Signals only set a flag: nothing is cut off in its middle."""

        def heard(_number: int, _frame: FrameType | None) -> None:
            (self._hurrying if self._ending.is_set() else self._ending).set()

        before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _to_standard_error(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
