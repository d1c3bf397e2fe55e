"""What the kernel knows about a server: who listens on its socket, and which processes work in its folder."""

import socket
import struct
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"
_PROCESSES = Path("/proc")


def listener(folder: Path) -> int | None:
    """The process that listens on the socket in this folder; None when there is none or the system does not say."""
    option = getattr(socket, "SO_PEERCRED", None)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(3)
        try:
            connection.connect(str(folder / _SOCKET))
        except OSError:
            return None
        if option is None:
            return None
        pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return int(pid) or None  # 0: it lives in another container


def servers_in(cluster: Path) -> list[int]:
    """The PostgreSQL processes that work in this cluster; none where the system has no /proc."""
    return [int(entry.name) for entry in _PROCESSES.glob("[0-9]*") if _works_in(entry, cluster)]


def _works_in(process: Path, cluster: Path) -> bool:
    try:
        program, folder = (process / "exe").readlink(), (process / "cwd").readlink()
    except OSError:  # ended by now, or another user's
        return False
    return program.name.startswith("postgres") and folder == cluster
