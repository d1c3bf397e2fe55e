"""One supervisor a data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marketplace.kit.file_lock import FileLock


class AlreadyRunning(Exception):  # it says what is the case, like every refusal here
    """Another supervisor works on the same data folder; the message has its address."""


@contextmanager
def only_one(data_dir: Path, address: str) -> Iterator[None]:
    """Hold the data folder; `address` is what a second one is told. Ends with the process, however it ends.

    Raises:
        AlreadyRunning: somebody else holds it.
    """
    lock, note = FileLock(data_dir / "locks" / "demo"), data_dir / "locks" / "demo-address"
    if not lock.take(within=1.0):
        where = note.read_text() if note.exists() else "an address of its own"
        raise AlreadyRunning(f"A demo is already running on {data_dir}, at {where}.")
    try:
        note.write_text(address)
        yield
    finally:
        lock.close()
