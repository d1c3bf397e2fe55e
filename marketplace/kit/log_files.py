"""The output of programs that run in the background: a file for each, kept small."""

from pathlib import Path
from typing import IO

_KEEP_BYTES = 5_000_000


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one that grew beyond 5 MB is first put aside as `NAME.1`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _KEEP_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    log = path.open("ab")
    path.chmod(0o600)
    return log


def tail(path: Path, *, since: int = 0, lines: int = 8) -> str:
    """The last lines that were written after the position `since`; empty when there is no log."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(since, path.stat().st_size - 20_000))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
