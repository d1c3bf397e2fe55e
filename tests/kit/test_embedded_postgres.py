"""The embedded server on real folders, with every PostgreSQL that this machine has, and with kill -9."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from marketplace.kit.embedded_postgres import (
    EmbeddedPostgres,
    PostgresUnavailable,
    installations,
    running_or_started,
)
from marketplace.kit.embedded_postgres.installations import choose
from marketplace.kit.embedded_postgres.processes import listener, servers_in
from marketplace.kit.embedded_postgres.server_user import ServerUser

KEPT = "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer"


@contextmanager
def folder_for_a_server():
    """A folder that the server's user may enter, also when root runs the tests; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="fairlead-test-")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        EmbeddedPostgres(folder).remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir():
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture(scope="module")
def lasting_dir():
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture
def postgres(lasting_dir):
    """A server that is not running yet, on a cluster that has seen other tests."""
    server = EmbeddedPostgres(lasting_dir, fast=True)
    yield server
    server.stop()


@pytest.fixture(scope="module", params=installations(), ids=lambda one: f"postgresql-{one.major}")
def of_each_version(request):
    """A server on a new cluster, and the programs to make it with: all that this machine has, one after the other."""
    with folder_for_a_server() as folder:
        yield EmbeddedPostgres(folder, installation=request.param), request.param


def ask(postgres: EmbeddedPostgres, question: str):
    with psycopg.connect(postgres.dsn) as connection:
        row = connection.execute(question).fetchone()
    return row[0]


def tell(postgres: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(postgres.dsn) as connection:
        connection.execute(statement)


def server_pid(postgres: EmbeddedPostgres) -> int:
    pid = listener(postgres.socket_folder)
    assert pid
    return pid


def leads(pid: int) -> bool:
    """Whether it is the first process of its server; one that has just ended leads nothing."""
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def eventually(holds: Callable[[], bool], within: float = 15.0) -> bool:
    deadline = time.monotonic() + within
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


@contextmanager
def elsewhere(data_dir: Path, script: str):
    """A process of its own that has `postgres` for the folder; it is let go when its input ends."""
    head = (
        "import sys, time; from pathlib import Path; from marketplace.kit.embedded_postgres import *\n"
        "postgres = EmbeddedPostgres(Path(sys.argv[1]), fast=True)\n"
    )
    command = [sys.executable, "-c", head + script, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def test_a_cluster_is_made_in_utf8_and_utc_and_is_reached_by_its_socket_only(of_each_version):
    postgres, _ = of_each_version

    postgres.start()

    assert ask(postgres, "SELECT current_database()") == "fairlead"
    assert ask(postgres, "SHOW server_encoding") == "UTF8"
    assert ask(postgres, "SHOW timezone") == "UTC"
    assert ask(postgres, "SHOW listen_addresses") == ""
    assert ask(postgres, "SELECT lower('ÄÇÉ') || ('Z' < 'a')") == "äçétrue"
    assert ask(postgres, "SHOW max_connections") == "200"


def test_a_cluster_is_started_again_by_the_programs_that_made_it_and_keeps_its_rows(of_each_version):
    postgres, programs = of_each_version
    postgres.start()
    tell(postgres, KEPT)
    postgres.stop()
    assert not postgres.is_alive()

    again = EmbeddedPostgres(postgres.data_dir)
    again.start()

    assert ask(again, "SELECT answer FROM kept") == 42
    assert ask(again, "SHOW server_version_num")[:2] == str(programs.major)
    assert ask(again, "SHOW fsync") == "on"
    assert ask(again, "SHOW synchronous_commit") == "on"


def test_the_server_comes_back_after_kill_9_in_the_middle_of_work(of_each_version):
    postgres, _ = of_each_version
    postgres.start()
    tell(postgres, "CREATE TABLE counted (n int)")
    for n in range(3):
        tell(postgres, f"INSERT INTO counted VALUES ({n})")
        with psycopg.connect(postgres.dsn) as busy:
            os.kill(server_pid(postgres), signal.SIGKILL)
            postgres.start()
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT 1")

    assert ask(postgres, "SELECT count(*) FROM counted") == 3


def test_a_backend_that_is_killed_needs_no_new_start(postgres):
    postgres.start()
    pid = server_pid(postgres)
    for _ in range(5):
        with psycopg.connect(postgres.dsn) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            assert postgres.is_alive()
            postgres.start()

    assert server_pid(postgres) == pid


def test_who_is_let_in_and_thrown_out_again_waits_until_the_server_has_got_over_it(postgres, monkeypatch):
    postgres.start()
    connect, thrown_out = psycopg.connect, []

    def connect_too_early(*given, **more):
        connection = connect(*given, **more)
        if not thrown_out:
            thrown_out.append(connection.info.backend_pid)
            os.kill(thrown_out[0], signal.SIGKILL)
        return connection

    monkeypatch.setattr(psycopg, "connect", connect_too_early)
    postgres.start()
    assert thrown_out
    assert ask(postgres, "SELECT 1") == 1


def test_a_backend_that_does_not_notice_the_end_of_its_server_is_ended(postgres):
    postgres.start()
    script = (
        "import psycopg; connection = psycopg.connect(postgres.dsn); print(connection.info.backend_pid, flush=True)\n"
        "try: connection.execute('DO $$ DECLARE n int := 0; BEGIN LOOP n := 1 - n; END LOOP; END $$')\n"
        "except psycopg.OperationalError: sys.exit(7)"
    )
    with elsewhere(postgres.data_dir, script) as spinning:
        backend = int(spinning.stdout.readline())
        time.sleep(0.5)
        os.kill(server_pid(postgres), signal.SIGKILL)

        postgres.start()

        assert backend not in servers_in(postgres.data_dir / "postgres")
        assert ask(postgres, "SELECT 1") == 1
        assert spinning.wait(10) == 7


def test_a_pid_file_whose_number_now_belongs_to_somebody_else_does_not_hinder(postgres):
    postgres.start(tied=True)
    os.kill(server_pid(postgres), signal.SIGKILL)
    assert eventually(lambda: not postgres.is_alive())
    note = postgres.data_dir / "postgres" / "postmaster.pid"
    owner = note.stat()
    user, group = (owner.st_uid, owner.st_gid) if os.geteuid() == 0 else (None, None)
    with subprocess.Popen(["/bin/sleep", "60"], user=user, group=group) as stranger:
        lines = note.read_text().splitlines()
        note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        postgres.start()

        assert stranger.poll() is None
        stranger.kill()
    assert ask(postgres, "SELECT 1") == 1


def test_many_starts_at_once_make_one_server(postgres):
    script = (
        "from marketplace.kit.embedded_postgres.processes import listener\n"
        "postgres.start(); print(listener(postgres.socket_folder), flush=True); sys.stdin.read()"
    )
    with ExitStack() as stack:
        starters = [stack.enter_context(elsewhere(postgres.data_dir, script)) for _ in range(4)]
        servers = {int(starter.stdout.readline()) for starter in starters}

    assert servers == {server_pid(postgres)}
    assert ask(postgres, "SELECT count(*) FROM pg_database WHERE datname = 'fairlead'") == 1


def test_a_command_uses_the_running_server_and_leaves_it_running(postgres):
    postgres.start()
    pid = server_pid(postgres)

    with running_or_started(postgres.data_dir) as same:
        assert server_pid(same) == pid

    assert server_pid(postgres) == pid


def test_the_last_to_leave_stops_the_server(data_dir):
    with running_or_started(data_dir, fast=True) as first:
        script = "postgres.start(); print('in', flush=True); sys.stdin.read(); postgres.leave()"
        with ExitStack() as others:
            other = others.enter_context(elsewhere(data_dir, script))
            assert other.stdout.readline() == "in\n"
            first.leave()
            assert first.is_alive()

    assert not first.is_alive()
    assert servers_in(data_dir / "postgres") == []


def test_a_tied_server_ends_when_its_starter_is_killed(postgres):
    script = "postgres.start(tied=True); print('up', flush=True); sys.stdin.read()"
    with elsewhere(postgres.data_dir, script) as starter:
        assert starter.stdout.readline() == "up\n"
        assert postgres.is_alive()
        starter.kill()

    assert eventually(lambda: not postgres.is_alive())
    postgres.start()
    assert ask(postgres, "SELECT 1") == 1


def test_an_orphaned_server_is_adopted(postgres):
    with elsewhere(postgres.data_dir, "postgres.start(); print('up', flush=True); sys.stdin.read()") as starter:
        assert starter.stdout.readline() == "up\n"
        pid = server_pid(postgres)
        starter.kill()

    with running_or_started(postgres.data_dir) as adopted:
        assert server_pid(adopted) == pid

    assert not postgres.is_alive()  # nobody else used it


def test_a_server_whose_socket_was_swept_away_is_replaced(postgres):
    postgres.start()
    tell(postgres, KEPT)
    for leftover in postgres.socket_folder.iterdir():
        leftover.unlink()

    postgres.start()

    assert ask(postgres, "SELECT answer FROM kept") == 42


def test_a_server_on_a_folder_that_was_deleted_gives_way_to_the_new_one(data_dir):
    EmbeddedPostgres(data_dir, fast=True).start()
    shutil.rmtree(data_dir)
    data_dir.mkdir(mode=0o711)

    postgres = EmbeddedPostgres(data_dir, fast=True)
    postgres.start()

    assert ask(postgres, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'") == 0
    assert any(leads(pid) for pid in servers_in(data_dir / "postgres"))


def test_a_server_started_by_hand_on_our_folder_is_respected(postgres):
    postgres.start()
    owner = (postgres.data_dir / "postgres").stat()
    postgres.stop()
    user, group = (owner.st_uid, owner.st_gid) if os.geteuid() == 0 else (None, None)
    folder = postgres.data_dir / "postgres"
    program = choose(ServerUser.for_cluster(folder), major=None).program("postgres")
    with subprocess.Popen(
        [program, "-D", folder, "-k", "/tmp", "-p", "54999", "-h", ""], user=user, group=group
    ) as hand:
        assert eventually(lambda: Path("/tmp/.s.PGSQL.54999").exists())

        with pytest.raises(PostgresUnavailable, match=f"process {hand.pid}"):
            postgres.start()

        hand.send_signal(signal.SIGINT)


def test_only_we_ourselves_are_let_in(postgres):
    postgres.start()
    folder = postgres.data_dir / "postgres"

    assert postgres.socket_folder.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "pg_hba.conf").read_text() == "local all all peer map=fairlead\n"
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(postgres.dsn.replace("fairlead@", "postgres@"))


def test_the_log_names_what_failed_but_not_the_values(postgres):
    postgres.start()
    tell(postgres, "DROP TABLE IF EXISTS people; CREATE TABLE people (email text UNIQUE)")
    tell(postgres, "INSERT INTO people VALUES ('canary@example.com')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        tell(postgres, "INSERT INTO people VALUES ('canary@example.com')")

    log = postgres.log.read_text()

    assert "people_email_key" in log
    assert "canary" not in log


def test_the_sockets_path_is_short_however_deep_the_folder_lies(tmp_path):
    deep = tmp_path / ("a" * 100) / ("b" * 100)

    assert len(os.fsencode(EmbeddedPostgres(deep).socket_folder)) < 80
    assert EmbeddedPostgres(deep).url == EmbeddedPostgres(deep / ".." / deep.name).url
    assert EmbeddedPostgres(deep).url != EmbeddedPostgres(deep.parent).url


def test_a_folder_closed_to_the_servers_user_is_not_opened(data_dir):
    closed = data_dir / "home"
    closed.mkdir(mode=0o700)
    postgres = EmbeddedPostgres(closed / "demo", fast=True)

    postgres.start()
    tell(postgres, KEPT)
    postgres.stop()
    EmbeddedPostgres(closed / "demo").start()
    entry = closed / "demo" / "postgres"
    lies_elsewhere = entry.is_symlink()
    place = entry.resolve()

    assert ask(postgres, "SELECT answer FROM kept") == 42
    assert closed.stat().st_mode & 0o777 == 0o700
    assert lies_elsewhere == (os.geteuid() == 0)
    postgres.remove()
    assert not entry.exists()
    assert not place.exists()


def test_a_cluster_of_a_version_that_is_not_here_is_named(data_dir):
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("13\n")

    with pytest.raises(PostgresUnavailable, match=r"made by PostgreSQL 13.*Install postgresql-13"):
        EmbeddedPostgres(data_dir).start()


def test_something_else_in_the_place_of_the_cluster_is_left_alone(data_dir):
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "letter.txt").write_text("mine")

    with pytest.raises(PostgresUnavailable, match="not a complete PostgreSQL cluster"):
        EmbeddedPostgres(data_dir).start()

    assert (data_dir / "postgres" / "letter.txt").read_text() == "mine"
    shutil.rmtree(data_dir / "postgres")


def test_somebody_elses_folder_in_the_place_of_the_socket_is_refused(postgres):
    postgres.socket_folder.mkdir(mode=0o777)
    postgres.socket_folder.chmod(0o777)

    with pytest.raises(PostgresUnavailable, match="remove it"):
        postgres.start()

    postgres.socket_folder.chmod(0o700)
    postgres.socket_folder.rmdir()
    postgres.start()
    assert postgres.is_ready()


def test_a_making_that_was_cut_off_is_made_again(data_dir):
    (data_dir / "postgres.new" / "base").mkdir(parents=True)
    postgres = EmbeddedPostgres(data_dir, fast=True)

    postgres.start()

    assert postgres.is_ready()
    assert not (postgres.data_dir / "postgres.new").exists()
