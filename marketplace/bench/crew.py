"""Clients that work at the same moment for a slice of time, each in a process of its own."""

import multiprocessing
import time
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol, Self

#: all clients have read the order to start by then
_HEAD_START_S = 0.02
_FORK: Any = multiprocessing.get_context("fork")


class Client(Protocol):
    """What a process does; made in that process, so it may hold connections."""

    def work(self, until: float) -> "array[float]":
        """Go on until `time.monotonic()` says so; the seconds that each finished piece of work took."""
        ...


class ClientFailed(Exception):
    """A client cannot go on, in its own words."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What was done in a slice: how long each piece took, and the processor time that the clients took themselves."""

    seconds: float
    latencies: Sequence[float]
    client_cpu_s: float

    @property
    def per_s(self) -> float:
        return len(self.latencies) / self.seconds


class Crew:
    """Processes that are started once and then wait for work; a context, at whose end they end."""

    def __init__(self, makers: Sequence[Callable[[], Client]]) -> None:
        """Start a process for each maker of a client."""
        self._lines: list[Connection] = []
        self._processes = []
        for make in makers:
            ours, theirs = _FORK.Pipe()
            process = _FORK.Process(target=_serve, args=(make, theirs), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def work(self, seconds: float) -> Slice:
        """Have all of them work for so long.

        Raises:
            ClientFailed: one of them cannot; the crew is of no more use.
        """
        start = time.monotonic() + _HEAD_START_S
        for line in self._lines:
            line.send((start, start + seconds))
        answers = [line.recv() for line in self._lines]
        for answer in answers:
            if isinstance(answer, str):
                raise ClientFailed(answer)
        latencies = array("d")
        for found, _cpu in answers:
            latencies.extend(found)
        return Slice(seconds, latencies, sum(cpu for _found, cpu in answers))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for line in self._lines:
            with suppress(OSError):  # it has ended by itself
                line.send(None)
        for process in self._processes:
            process.join(5)
            process.kill()


def shared_count() -> Any:
    """A whole number that all clients share, with a lock (`get_lock()`); starts at 0."""
    return _FORK.Value("q", 0)


def _serve(make: Callable[[], Client], line: Connection) -> None:
    client = make()
    while order := line.recv():
        start, until = order
        time.sleep(max(0.0, start - time.monotonic()))
        began = time.process_time()
        try:
            found = client.work(until)
        except Exception as error:  # noqa: BLE001  # whatever it is: told to the bench, which ends with it
            line.send(f"{type(error).__name__}: {error}")
            return
        line.send((found, time.process_time() - began))
