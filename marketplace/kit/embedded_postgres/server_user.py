"""Who runs the server: PostgreSQL refuses to run as root, so root hands it to somebody without rights."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from marketplace.kit.embedded_postgres.errors import PostgresUnavailable

#: users made for this by the system, the best first
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The system's user that owns the cluster and runs its server."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_cluster(cls, cluster: Path) -> Self:
        """Ourselves; for root: the owner of an existing cluster, else a user made for such things.

        Raises:
            PostgresUnavailable: our own user id has no name, or root finds nobody to hand over to.
        """
        if os.geteuid() != 0:
            return cls._of(os.geteuid())
        if cluster.exists() and cluster.stat().st_uid != 0:
            return cls._of(cluster.stat().st_uid)
        for name in _UNPRIVILEGED:
            if any(entry.pw_name == name for entry in pwd.getpwall()):
                return cls._of(pwd.getpwnam(name).pw_uid)
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`: "
            "add one, start as an ordinary user, or set DATABASE_URL."
        )

    @classmethod
    def _of(cls, uid: int) -> Self:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise PostgresUnavailable(
                f"The user id {uid} has no name on this machine, and PostgreSQL needs one: "
                "add the user (useradd), start as another one, or set DATABASE_URL."
            ) from None
        return cls(name=entry.pw_name, uid=uid, gid=entry.pw_gid)

    @property
    def is_someone_else(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def ids(self) -> tuple[int, int] | None:
        """User and group id to become, or None when that is us."""
        return (self.uid, self.gid) if self.is_someone_else else None

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program as this user in a neutral folder and environment; output is caught, the exit code not judged.

        Raises:
            OSError: this user may not reach or run the program.
        """
        uid, gid, groups = (self.uid, self.gid, ()) if self.is_someone_else else (None, None, None)
        return subprocess.run(  # noqa: S603  # the programs are PostgreSQL's own and sh
            command,
            user=uid,
            group=gid,
            extra_groups=groups,
            cwd="/",
            env=neutral_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def can_write_in(self, folder: Path) -> bool:
        """Whether the user gets to the folder through all of its parents and may make files there."""
        return self.run("/bin/sh", "-c", 'cd -- "$1" && test -w .', "sh", str(folder)).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether the user gets to the program and it starts."""
        try:
            return self.run(str(program), "--version").returncode == 0
        except OSError:
            return False

    def give(self, folder: Path) -> None:
        """Make the folder this user's own, closed to all others."""
        folder.chmod(0o700)
        if self.is_someone_else:
            os.chown(folder, self.uid, self.gid)


def neutral_environment() -> dict[str, str]:
    """Messages in English, and none of the PG... variables that would lead PostgreSQL's programs elsewhere."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
