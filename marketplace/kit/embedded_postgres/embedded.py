"""The embedded server as the rest of the product sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from marketplace.kit.embedded_postgres.cluster import ROLE, Cluster
from marketplace.kit.embedded_postgres.errors import PostgresUnavailable
from marketplace.kit.embedded_postgres.installations import Installation
from marketplace.kit.embedded_postgres.server import Server, State
from marketplace.kit.file_lock import FileLock

DATABASE = "fairlead"
#: longer than the slowest start of another command
_TURN_S = 330.0


class EmbeddedPostgres:
    """A PostgreSQL server of our own on `data_dir/postgres`, reached by a socket only.

    Any number of processes may use the server of one folder at once, each with its own object. Who starts it does not
    matter: whoever comes later adopts it.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False, installation: Installation | None = None) -> None:
        """Name the folder; nothing is touched yet.

        Args:
            data_dir: made when it does not exist; as root it should be one that all may enter (mode 711).
            fast: no safety on a crash of the machine; for tests.
            installation: the programs to use for a new cluster, instead of the preferred ones.
        """
        self.data_dir = data_dir.resolve()
        self._fast = fast
        self._cluster = Cluster(self.data_dir)
        self._server = Server(self._cluster, installation)
        self._users = FileLock(self.data_dir / "locks" / "postgres-users")

    @property
    def url(self) -> str:
        """The address for SQLAlchemy. Valid before the start, too."""
        return self.url_of(DATABASE)

    @property
    def dsn(self) -> str:
        """The address for libpq and psycopg."""
        return self._address("postgresql", DATABASE)

    @property
    def log(self) -> Path:
        """The server's log; it never shows values from rows."""
        return self._server.log

    @property
    def socket_folder(self) -> Path:
        """Where the server's socket is while it runs."""
        return self._cluster.socket_folder

    def url_of(self, database: str) -> str:
        """The address of another database on this server, for SQLAlchemy."""
        return self._address("postgresql+psycopg", database)

    def start(self, *, tied: bool = False) -> str:
        """Make the server answer: adopt the running one, or start it (making cluster and database when missing).

        May be called again at any time, for example after the server was killed.

        Args:
            tied: a server started now ends with this process, even when that is killed with -9.
                Call it from a thread that lives as long as the process does.

        Returns:
            The address for SQLAlchemy.

        Raises:
            PostgresUnavailable: it cannot run; the message says what to do.
        """
        with self._turn():
            self._users.take(shared=True)
            try:
                self._stand(tied=tied)
            except BaseException:
                self._users.close()
                raise
        return self.url

    def is_ready(self) -> bool:
        """Whether the server lets people in at this moment."""
        return self._server.state() is State.READY

    def is_alive(self) -> bool:
        """Whether the server runs, be it busy with recovering. False calls for another `start()`."""
        return not self.has_died and self._server.settled_state() is not State.SILENT

    @property
    def has_died(self) -> bool:
        """Whether a tied server that this object started has ended; costs nothing to ask."""
        return self._server.has_died

    def stop(self) -> None:
        """Stop the server even if it is in use; everything committed is kept.

        Raises:
            PostgresUnavailable: it does not end.
        """
        if self._cluster.major is not None:
            with self._turn():
                self._server.end()
                self._users.close()

    def leave(self) -> None:
        """Use it no longer; the last one to leave stops the server."""
        if self._users.is_held:
            with self._turn():
                if self._users.take():
                    self._server.end()
                self._users.close()

    def remove(self) -> None:
        """Stop the server and delete its data, wherever they lie. For tests and measurements."""
        self.stop()
        self._cluster.remove()

    def _address(self, scheme: str, database: str) -> str:
        return f"{scheme}://{ROLE}@/{quote(database, safe='')}?host={quote(str(self.socket_folder), safe='')}"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
            with FileLock(self.data_dir / "locks" / "postgres-turn").held(within=_TURN_S):
                yield
        except TimeoutError as error:
            raise PostgresUnavailable(str(error)) from error
        except PermissionError as error:
            raise PostgresUnavailable(
                f"{error.filename} belongs to another user: start as that one, or with another data folder."
            ) from error

    def _stand(self, *, tied: bool) -> None:
        """Have the server, adopted or launched, with its database.

        One that has lost a process lets in for a moment whom it throws out again: then it is waited for once more.
        """
        for is_last in (False, False, True):
            was_there = self._server.adopt()
            if not was_there:
                self._server.launch(fast=self._fast, tied=tied)
            try:
                self._make_database()
            except psycopg.OperationalError:
                if is_last or not was_there:
                    raise
            else:
                return

    def _make_database(self) -> None:
        with psycopg.connect(self._address("postgresql", "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@contextmanager
def running_or_started(data_dir: Path, *, fast: bool = False) -> Iterator[EmbeddedPostgres]:
    """The server of the folder for one command: the running one, else started now and stopped by the last to leave.

    Raises:
        PostgresUnavailable: it cannot run; the message says what to do.
    """
    postgres = EmbeddedPostgres(data_dir, fast=fast)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.leave()
