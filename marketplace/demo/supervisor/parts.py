"""What a supervisor looks after: programs, and the database server."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from marketplace.kit.embedded_postgres import EmbeddedPostgres
from marketplace.kit.leash import leashed
from marketplace.kit.log_files import open_log, tail

#: asking the database server costs a process each time
_ASK_DATABASE_EVERY_S = 2.0


@dataclass
class Part:
    """A program with all of its descendants; its output goes to `NAME.log`.

    Attributes:
        env: added to our own environment.
        ready: asked again and again; without it a part counts as ready as soon as it runs.
        once: the program does one thing and must end well before the next part starts, for example a migration.
        ready_within: seconds until a part that is alive but not ready counts as failed.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    once: bool = False
    ready_within: float = 90.0
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _group: int | None = field(default=None, init=False, repr=False)
    _log: Path | None = field(default=None, init=False, repr=False)
    _log_position: int = field(default=0, init=False, repr=False)

    def start(self, logs: Path) -> None:
        """Start the program. It ends when we end; call this from a thread that lives as long as we do."""
        self._log = logs / f"{self.name}.log"
        with open_log(self._log) as log:
            self._log_position = log.tell()
            self._process = subprocess.Popen(  # noqa: S603  # the parts are named in our own code
                leashed(self.command),
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own: reached by us as a whole, and by no key at the terminal
            )
        self._group = self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the program runs, or has done its one thing."""
        if self._process is None:
            return False
        if not self.has_ended:
            return True
        self._end_group()  # what it started must not outlive it, and hold its port
        return self.once and self._process.returncode == 0

    @property
    def is_ready(self) -> bool:
        if self.once:
            return self.has_ended and self.is_alive
        return self.is_alive and (self.ready is None or self.ready())

    @property
    def how_it_ended(self) -> str:
        code = self._process.poll() if self._process else None
        if code is None:
            return "not ready in time"
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    @property
    def last_words(self) -> str:
        return tail(self._log, since=self._log_position) if self._log else ""

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def ask_to_end(self) -> None:
        self._signal(signal.SIGTERM)

    def force_end(self) -> None:
        """End the program if it still runs, and whatever it has started in any case."""
        self._end_group()
        if self._process is not None:
            self._process.wait()

    def _end_group(self) -> None:
        self._signal(signal.SIGKILL)
        self._group = None  # the number may soon be another group's

    def _signal(self, number: signal.Signals) -> None:
        if self._group is not None:
            with suppress(ProcessLookupError, PermissionError):  # macOS answers so for a group of zombies
                os.killpg(self._group, number)


class Database:
    """The embedded PostgreSQL as a part: the first to start and the last to end."""

    name = "database"
    once = False
    ready_within = 330.0

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres
        self._asked_at = 0.0
        self._answer = False

    def start(self, _logs: Path) -> None:
        """Start or adopt the server; returns when it answers.

        Raises:
            PostgresUnavailable: it cannot run.
        """
        self._postgres.start(tied=True)
        self._answer, self._asked_at = True, time.monotonic()

    @property
    def is_alive(self) -> bool:
        if self._postgres.has_died:
            return False
        if time.monotonic() - self._asked_at > _ASK_DATABASE_EVERY_S:
            self._answer, self._asked_at = self._postgres.is_alive(), time.monotonic()
        return self._answer

    @property
    def is_ready(self) -> bool:
        return self._postgres.is_ready()

    @property
    def how_it_ended(self) -> str:
        return "no answer"

    @property
    def last_words(self) -> str:
        return tail(self._postgres.log)

    @property
    def has_ended(self) -> bool:
        return True

    def ask_to_end(self) -> None:
        self._postgres.stop()

    def force_end(self) -> None:
        """Nothing is left to do: stopping it was final."""


def answers(url: str) -> Callable[[], bool]:
    """Ready when this address gives a 200."""

    def ready() -> bool:
        try:
            # no proxy between us and ourselves, and no certificates, which take longer to load than all the rest
            return httpx.get(url, timeout=2, trust_env=False, verify=False).is_success  # noqa: S501
        except httpx.HTTPError:
            return False

    return ready
