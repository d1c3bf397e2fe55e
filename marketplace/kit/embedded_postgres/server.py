"""The server process of a cluster: whether it lives, starting it, ending it.

Life is asked of the server itself (pg_isready) and of the kernel: the server and all of its processes inherit a lock on
a file, so the lock is free exactly when none of them is left. A pid in a file proves nothing after a crash.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from enum import Enum

from marketplace.kit.embedded_postgres.cluster import ROLE, Cluster
from marketplace.kit.embedded_postgres.errors import PostgresUnavailable
from marketplace.kit.embedded_postgres.installations import Installation, choose, reachable
from marketplace.kit.embedded_postgres.processes import listener, servers_in
from marketplace.kit.embedded_postgres.server_user import ServerUser, neutral_environment
from marketplace.kit.embedded_postgres.settings import server_settings
from marketplace.kit.file_lock import FileLock
from marketplace.kit.leash import leashed
from marketplace.kit.log_files import open_log, tail

_PAUSE_S = 0.05
#: recovery after a crash may take long on a slow disk
_START_S = 300.0
#: how long to believe that a server that does not answer will, or that what is left of one will end by itself
_GIVE_WAY_S = 3.0
#: fast shutdown (with a checkpoint), then immediate, then by force; each with its patience in seconds
_ENDINGS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


class State(Enum):
    """What pg_isready says."""

    READY = 0
    BUSY = 1  # it lives, but lets nobody in: it is starting, recovering or ending
    SILENT = 2


class Server:
    """The server of one cluster. Not safe for parallel use: the caller holds a lock of its own around every change."""

    def __init__(self, cluster: Cluster, installation: Installation | None = None) -> None:
        self._cluster = cluster
        self._wanted = installation
        self._chosen: Installation | None = None
        self.log = cluster.data_dir / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    def state(self) -> State:
        """Ask the server."""
        where = ("-h", str(self._cluster.socket_folder), "-U", ROLE, "-d", "postgres", "-q")
        program = self._installation(self._user()).program("pg_isready")
        code = subprocess.run([program, *where], env=neutral_environment(), check=False).returncode  # noqa: S603
        return State(code) if code in (State.READY.value, State.BUSY.value) else State.SILENT

    def settled_state(self) -> State:
        """As `state`, but silence is believed only when nothing of the server is left, or when it lasts.

        While a server gets over the loss of one of its processes it drops callers without a word.
        """
        deadline = time.monotonic() + _GIVE_WAY_S
        while (state := self.state()) is State.SILENT and time.monotonic() < deadline:
            if self._is_gone(within=0):
                break
            time.sleep(_PAUSE_S)
        return state

    @property
    def has_died(self) -> bool:
        """Whether a process that is tied to us has ended."""
        return self._process is not None and self._process.poll() is not None

    def adopt(self) -> bool:
        """Whether a server of this cluster is running by now; waits while it starts, recovers or ends.

        Raises:
            PostgresUnavailable: it stays busy for too long.
        """
        if self.state() is not State.SILENT and self._is_gone(within=0):
            self._end_ghost()
        deadline = time.monotonic() + _START_S
        while (state := self.settled_state()) is State.BUSY:
            _pause_until(deadline, f"PostgreSQL is busy for too long; see {self.log}.")
        if self.has_died:
            self._process = None
        return state is State.READY

    def launch(self, *, fast: bool, tied: bool) -> None:
        """Start the server, first making the cluster if there is none; returns when it lets people in.

        Args:
            fast: without safety on a crash of the machine.
            tied: it ends when the calling process ends, even by kill -9.

        Raises:
            PostgresUnavailable: with the reason in the server's own words.
        """
        user = self._user()
        installation = self._installation(user)
        lock = self._lock()
        self._clear_the_way(lock)
        try:
            if self._cluster.major is None:
                self._cluster.make(installation, user, fast=fast)
            self._cluster.prepare(user)
            self._spawn(installation, user, lock, server_settings(fast=fast), tied=tied)
        finally:
            lock.close()  # from here on the server's processes hold it

    def end(self) -> None:
        """Stop the server fast: sessions are cut off, everything committed is kept.

        Raises:
            PostgresUnavailable: it does not end.
        """
        for number, patience in _ENDINGS:
            if (pid := self._pid()) is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            if self._is_gone(within=patience if pid is not None else _GIVE_WAY_S):
                break
        else:
            raise PostgresUnavailable(f"PostgreSQL does not end; see {self.log}.")
        if self._process is not None:
            self._process.wait()
            self._process = None
        with suppress(OSError):
            self._cluster.socket_folder.rmdir()

    def _user(self) -> ServerUser:
        return ServerUser.for_cluster(self._cluster.path)

    def _installation(self, user: ServerUser) -> Installation:
        major = self._cluster.major
        if self._chosen is None or major not in (None, self._chosen.major):
            fits = self._wanted is not None and major in (None, self._wanted.major)
            self._chosen = reachable(self._wanted, user) if self._wanted and fits else choose(user, major=major)
        return self._chosen

    def _lock(self) -> FileLock:
        return FileLock(self._cluster.data_dir / "locks" / "postgres-server")

    def _is_gone(self, *, within: float) -> bool:
        lock = self._lock()
        try:
            return lock.take(within=within)
        finally:
            lock.close()

    def _clear_the_way(self, lock: FileLock) -> None:
        """Nothing answers: make sure that nothing is left of an earlier server."""
        if self.has_died:
            self._process = None
        if not lock.take():
            for pid in servers_in(self._cluster.path):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            if not lock.take(within=_GIVE_WAY_S):
                raise PostgresUnavailable(
                    f"A PostgreSQL server holds {self._cluster.path} and does not answer: end it and try again."
                )
        if strangers := servers_in(self._cluster.path):
            lock.close()
            raise PostgresUnavailable(
                f"{self._cluster.path} is in use by a PostgreSQL server that was started by hand "
                f"(process {min(strangers)}): end it and try again."
            )

    def _spawn(
        self, installation: Installation, user: ServerUser, lock: FileLock, settings: list[str], *, tied: bool
    ) -> None:
        where = ("-D", str(self._cluster.path), "-k", str(self._cluster.socket_folder))
        command = [str(installation.program("postgres")), *where, *settings]
        with open_log(self.log) as log:
            position = log.tell()
            self._process = subprocess.Popen(  # noqa: S603
                leashed(command, when_orphaned=signal.SIGINT if tied else None, user=user.ids),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=neutral_environment(),
                start_new_session=True,  # an interrupt at the terminal is for us, and we stop the server last
                pass_fds=(lock.fd,),
            )
        self._await_start(self._process, position)
        if not tied:
            # It may outlive us: nobody waits for it, and it is found again by its socket and its lock.
            self._process.returncode = 0
            self._process = None

    def _await_start(self, process: subprocess.Popen[bytes], position: int) -> None:
        deadline = time.monotonic() + _START_S
        while self.state() is not State.READY:
            if process.poll() is not None:
                raise PostgresUnavailable(f"PostgreSQL did not start:\n{tail(self.log, since=position)}")
            _pause_until(deadline, f"PostgreSQL does not become ready; see {self.log}.")

    def _end_ghost(self) -> None:
        """A server answers, but not on this folder: the one it works in was deleted. It would notice in a minute."""
        if (pid := listener(self._cluster.socket_folder)) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 90
        while self.state() is not State.SILENT:
            _pause_until(
                deadline, f"A PostgreSQL server on a deleted folder holds {self._cluster.socket_folder}: end it."
            )

    def _pid(self) -> int | None:
        """The server's first process: our child, or who listens on the socket, or who says so in its folder."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        if self._is_gone(within=0):
            return None
        with suppress(OSError, ValueError, IndexError):
            return listener(self._cluster.socket_folder) or int(
                (self._cluster.path / "postmaster.pid").read_text().split()[0]
            )
        return None


def _pause_until(deadline: float, complaint: str) -> None:
    if time.monotonic() >= deadline:
        raise PostgresUnavailable(complaint)
    time.sleep(_PAUSE_S)
