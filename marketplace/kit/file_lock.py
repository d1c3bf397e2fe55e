"""Locks on files that the kernel keeps: they end with the last process that holds them, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

_PAUSE_S = 0.05


class FileLock:
    """An advisory lock on a file. A process started with `fd` passed on holds the lock as well.

    It is given back by closing, never by unlocking: unlocking would take it from those who inherited it, too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    @property
    def fd(self) -> int:
        """The open file, to be handed to a child by `pass_fds`.

        Raises:
            ValueError: the lock is not held.
        """
        if self._fd is None:
            raise ValueError(f"{self._path.name} is not held")
        return self._fd

    @property
    def is_held(self) -> bool:
        return self._fd is not None

    def take(self, *, shared: bool = False, within: float = 0.0) -> bool:
        """Take the lock, or change the kind of one that is held; False when others kept it for `within` seconds."""
        deadline = time.monotonic() + within
        while not self._try(fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE_S)
        return True

    def close(self) -> None:
        """Give back our own hold; children that inherited it keep theirs."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _try(self, kind: int) -> bool:
        fd = self._fd if self._fd is not None else _open(self._path)
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._fd is None:
                os.close(fd)
            return False
        self._fd = fd
        return True

    @contextmanager
    def held(self, *, within: float) -> Iterator[Self]:
        """Hold the lock for a while.

        Raises:
            TimeoutError: others kept it for `within` seconds.
        """
        if not self.take(within=within):
            raise TimeoutError(f"{self._path} was held by another process for {within:.0f} s")
        try:
            yield self
        finally:
            self.close()


def _open(path: Path) -> int:
    # Reading is enough to lock, and works when another user made the file.
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
