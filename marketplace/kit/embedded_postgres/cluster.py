"""The cluster: PostgreSQL's own data folder, where it lies, how it is made, and who may connect to it."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from marketplace.kit.embedded_postgres.errors import PostgresUnavailable
from marketplace.kit.embedded_postgres.installations import Installation
from marketplace.kit.embedded_postgres.server_user import ServerUser

#: the database's role and the first database carry the product's name
ROLE = "fairlead"
_FOR_ROOT = Path("/var/lib/fairlead")


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of one data folder.

    It lies in `DATA_DIR/postgres`. When root runs us and the server's user cannot get there (a home folder), it lies in
    /var/lib/fairlead and `DATA_DIR/postgres` is a link to it: folders that somebody closed are never opened.
    """

    data_dir: Path

    @property
    def entry(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def path(self) -> Path:
        return self.entry.resolve()

    @property
    def socket_folder(self) -> Path:
        """Short, because a socket's path has at most 107 bytes; the same for all who name the same data folder."""
        mark = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        shared = Path("/tmp")  # noqa: S108  # the same for every process, whatever TMPDIR says; checked before use
        return (shared if shared.is_dir() else Path(tempfile.gettempdir())) / f"fairlead-{mark}"

    @property
    def major(self) -> int | None:
        """The version that made the cluster; None when there is none yet.

        Raises:
            PostgresUnavailable: there is something else in its place.
        """
        try:
            return int((self.path / "PG_VERSION").read_text())
        except FileNotFoundError:
            if self.entry.is_symlink() or self.entry.exists():
                raise PostgresUnavailable(
                    f"{self.entry} is not a complete PostgreSQL cluster: restore it, or start with another data folder."
                ) from None
            return None
        except PermissionError:
            raise PostgresUnavailable(
                f"{self.path} belongs to another user: start as that user or as root, or with another data folder."
            ) from None

    def make(self, installation: Installation, user: ServerUser, *, fast: bool) -> None:
        """Make the cluster, whole or not at all.

        Raises:
            PostgresUnavailable: initdb failed; its own words are in the message.
        """
        place = self._place_for(user)
        draft = place / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        user.give(draft)
        _initdb(draft, installation, user, fast=fast)
        draft.rename(place / "postgres")
        if place != self.data_dir:
            self.entry.symlink_to(place / "postgres")

    def prepare(self, user: ServerUser) -> None:
        """Set up who may connect, and clear what a crashed server left. Only while no server runs.

        Raises:
            PostgresUnavailable: somebody else has put something in the place of the socket's folder.
        """
        self._admit(user)
        self._prepare_socket_folder(user)
        (self.path / "postmaster.pid").unlink(missing_ok=True)

    def _prepare_socket_folder(self, user: ServerUser) -> None:
        folder = self.socket_folder
        if not folder.is_symlink() and not folder.exists():
            folder.mkdir(mode=0o700)
            user.give(folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
            raise PostgresUnavailable(f"{folder} is not a folder that only {user.name} may enter: remove it.")
        for leftover in folder.iterdir():
            leftover.unlink()

    def _admit(self, user: ServerUser) -> None:
        """Let our own user of the system in, known by the kernel, and nobody else."""
        me = pwd.getpwuid(os.geteuid()).pw_name
        _write(self.path / "pg_hba.conf", "local all all peer map=fairlead\n", user)
        _write(self.path / "pg_ident.conf", f'fairlead "{me}" {ROLE}\n', user)

    def remove(self) -> None:
        """Delete the cluster wherever it lies. Only while no server runs."""
        shutil.rmtree(self.socket_folder, ignore_errors=True)
        if self.entry.is_symlink():
            shutil.rmtree(self.path.parent, ignore_errors=True)
            self.entry.unlink()
        else:
            shutil.rmtree(self.entry, ignore_errors=True)

    def _place_for(self, user: ServerUser) -> Path:
        """The folder to hold the cluster: the data folder, if the server's user can work in folders of it."""
        if not user.is_someone_else:
            return self.data_dir
        with tempfile.TemporaryDirectory(dir=self.data_dir) as probe:
            user.give(Path(probe))
            if user.can_write_in(Path(probe)):
                return self.data_dir
        passing = self.data_dir.is_relative_to(Path(tempfile.gettempdir()).resolve())
        shelter = Path(tempfile.gettempdir()) if passing else _FOR_ROOT
        shelter.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f"{self.socket_folder.name}-", dir=shelter))
        place.chmod(0o711)
        if user.run("/bin/sh", "-c", 'cd -- "$1"', "sh", str(place)).returncode:
            place.rmdir()
            raise PostgresUnavailable(
                f"The user {user.name}, who would run PostgreSQL, can enter neither {self.data_dir} nor {shelter}. "
                f"Choose a data folder that {user.name} can get to (such as one in /srv), or start as an ordinary user."
            )
        return place


def _initdb(folder: Path, installation: Installation, user: ServerUser, *, fast: bool) -> None:
    # Built in since 17: the same order of text on every machine, whatever its C library knows.
    built_in = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    locale = built_in if installation.major >= 17 else ("--locale=C.UTF-8",)  # noqa: PLR2004
    safety = ("--no-sync",) if fast else ("--data-checksums",)
    common = (f"--username={ROLE}", "--encoding=UTF8", "--auth=peer", f"--pgdata={folder}")
    answer = user.run(str(installation.program("initdb")), *common, *locale, *safety)
    if answer.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise PostgresUnavailable(f"The database could not be made in {folder.parent}: {answer.stderr.strip()}")


def _write(path: Path, text: str, user: ServerUser) -> None:
    path.write_text(text)
    path.chmod(0o600)
    if user.is_someone_else:
        os.chown(path, user.uid, user.gid)
