"""The supervisor with real programs: order, death, kill -9 of everything, and clean ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from marketplace.demo.supervisor import AlreadyRunning, only_one
from marketplace.kit.embedded_postgres import EmbeddedPostgres
from marketplace.kit.embedded_postgres.processes import listener

#: a supervisor of its own: folder, settings, and parts as (name, script, keyword arguments)
SUPERVISOR = """
import json, sys
from pathlib import Path
from marketplace.demo.supervisor import Database, Part, PartFailed, Supervisor, answers
from marketplace.kit.embedded_postgres import EmbeddedPostgres
folder, settings, parts = Path(sys.argv[1]), *map(json.loads, sys.argv[2:])
services = [Database(EmbeddedPostgres(folder, fast=True))] if settings.pop("database", False) else []
for name, script, more in parts:
    if address := more.pop("address", None):
        more["ready"] = answers(address)
    if file := more.pop("file", None):
        more["ready"] = (folder / file).exists
    services.append(Part(name=name, command=[sys.executable, "-c", script, str(folder), name], **more))
say = lambda sentence: print(sentence, flush=True)
try:
    Supervisor(services, logs=folder / "logs", say=say, **settings).run(when_ready=lambda: say("ready"))
except PartFailed as failure:
    sys.exit(str(failure))
say("ended")
"""
HEAD = """
import os, signal, subprocess, sys, time
from pathlib import Path
folder, name = Path(sys.argv[1]), sys.argv[2]
def note(word):
    with (folder / "notes").open("a") as notes:
        notes.write(f"{name} {word}\\n")
(folder / f"{name}.pid").write_text(str(os.getpid()))
"""
#: lives until it is asked to end, and then says so
GOOD = HEAD + "signal.signal(15, lambda *_: (note('ends'), sys.exit(0))); note('starts'); time.sleep(600)"
STUBBORN = HEAD + "signal.signal(15, signal.SIG_IGN); note('starts'); time.sleep(600)"
PARENT = HEAD + (
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "(folder / 'child.pid').write_text(str(child.pid)); note('starts'); child.wait()"
)


@pytest.fixture
def folder():
    """A folder that a database server's user may enter, also when root runs the tests."""
    place = Path(tempfile.mkdtemp(prefix="fairlead-test-")).resolve()
    place.chmod(0o711)
    yield place
    EmbeddedPostgres(place).remove()
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def supervising(folder: Path, *parts: tuple, until: str | None = "ready", **settings):
    """A running supervisor that has said `until`; it is ended when the block is left."""
    words = [str(folder), json.dumps(settings), json.dumps(parts)]
    command = [sys.executable, "-c", SUPERVISOR, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert until is None or hear(process, until)
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            process.wait(30)


def hear(process: subprocess.Popen[str], word: str) -> str:
    """The next sentence of the supervisor that has this word."""
    while line := process.stdout.readline():
        if word in line:
            return line
    return ""


def eventually(holds: Callable[[], bool], within: float = 15.0) -> bool:
    deadline = time.monotonic() + within
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def pid_of(folder: Path, name: str) -> int:
    file = folder / f"{name}.pid"
    assert eventually(lambda: file.exists() and bool(file.read_text()))
    return int(file.read_text())


def runs(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return answer.stdout[:1] not in {"Z", ""}


def notes(folder: Path) -> list[str]:
    file = folder / "notes"
    return file.read_text().splitlines() if file.exists() else []


def part(name: str, script: str = GOOD, **more) -> tuple[str, str, dict]:
    return name, script, more


def test_parts_start_in_order_and_end_in_reverse_order(folder):
    slow = HEAD + "time.sleep(0.5); (folder / 'open').touch()\n" + GOOD.removeprefix(HEAD)
    with supervising(folder, part("emulator", slow, file="open"), part("web"), part("worker")) as supervisor:
        assert eventually(lambda: len(notes(folder)) == 3)
        supervisor.terminate()
        assert supervisor.wait(10) == 0
        assert hear(supervisor, "ended")

    written = notes(folder)
    assert written.index("emulator starts") < written.index("web starts")
    assert written[-3:] == ["worker ends", "web ends", "emulator ends"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_every_usual_way_to_ask_for_an_end_is_heard(folder, number):
    with supervising(folder, part("web")) as supervisor:
        assert eventually(lambda: "web starts" in notes(folder))
        supervisor.send_signal(number)

        assert supervisor.wait(10) == 0
        assert notes(folder)[-1] == "web ends"


def test_a_part_is_ready_when_its_address_answers(folder):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = HEAD + (
        "import http.server\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): note('asked'); self.send_response(200 if (folder / 'warm').exists() else 503);"
        " self.end_headers(); (folder / 'warm').touch()\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), Handler).serve_forever()"
    )
    with supervising(folder, part("web", script, address=f"http://127.0.0.1:{port}/")):
        assert notes(folder) == ["web asked", "web asked"]


def test_a_killed_part_is_started_again_and_what_it_had_started_is_swept_away(folder):
    with supervising(folder, part("web", PARENT), part("worker")) as supervisor:
        child = pid_of(folder, "child")
        (folder / "child.pid").unlink()
        os.kill(pid_of(folder, "web"), signal.SIGKILL)

        assert "killed by SIGKILL" in hear(supervisor, "web ended")
        assert pid_of(folder, "child") != child
        assert not runs(child)
        assert notes(folder).count("worker starts") == 1


def test_a_part_that_ends_at_once_again_and_again_is_given_pauses(folder):
    with supervising(folder, part("worker", HEAD + "time.sleep(0.4); note('starts')"), part("web")):
        time.sleep(5)

    assert 3 <= notes(folder).count("worker starts") <= 5


def test_a_stubborn_part_is_killed_after_the_grace(folder):
    with supervising(folder, part("web", STUBBORN), grace=1) as supervisor:
        assert eventually(lambda: "web starts" in notes(folder))
        supervisor.terminate()

        assert supervisor.wait(10) == 0
        assert not runs(pid_of(folder, "web"))


def test_a_second_signal_cuts_the_grace_short(folder):
    with supervising(folder, part("web", STUBBORN), grace=60) as supervisor:
        assert eventually(lambda: "web starts" in notes(folder))
        supervisor.send_signal(signal.SIGINT)
        time.sleep(0.5)
        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(5) == 0
        assert not runs(pid_of(folder, "web"))


def test_a_part_that_cannot_start_is_named_with_the_end_of_its_log(folder):
    broken = HEAD + "print('the port is taken'); sys.exit(3)"
    with supervising(folder, part("worker"), part("web", broken, file="never"), until=None) as supervisor:
        _, complaint = supervisor.communicate(timeout=30)

    assert "web does not start (exit code 3)" in complaint
    assert "the port is taken" in complaint
    assert notes(folder)[-1] == "worker ends"


def test_a_task_is_done_once_before_the_next_part_starts(folder):
    task = HEAD + "note('starts'); time.sleep(0.5); note('done')"
    with supervising(folder, part("migrate", task, once=True), part("web")):
        assert eventually(lambda: "web starts" in notes(folder))
        time.sleep(0.6)

        assert notes(folder) == ["migrate starts", "migrate done", "web starts"]


def test_a_task_that_fails_is_not_tried_again(folder):
    task = HEAD + "note('starts'); sys.exit('no such table')"
    with supervising(folder, part("migrate", task, once=True), part("web"), until=None) as supervisor:
        _, complaint = supervisor.communicate(timeout=30)

    assert "migrate does not start (exit code 1)" in complaint
    assert "no such table" in complaint
    assert notes(folder) == ["migrate starts"]


def test_a_task_is_cut_off_when_the_end_is_asked_for(folder):
    task = HEAD + "print('at work', flush=True); note('starts'); time.sleep(600)"
    with supervising(folder, part("migrate", task, once=True), part("web"), until=None) as supervisor:
        assert eventually((folder / "notes").exists)
        supervisor.terminate()

        assert supervisor.wait(10) == 0
    assert notes(folder) == ["migrate starts"]


def test_the_database_comes_back_after_kill_9_and_ends_last(folder):
    postgres = EmbeddedPostgres(folder)
    with supervising(folder, part("web"), database=True) as supervisor:
        killed = listener(postgres.socket_folder)
        os.kill(killed, signal.SIGKILL)
        assert hear(supervisor, "database ended")
        assert eventually(postgres.is_ready)
        assert listener(postgres.socket_folder) != killed
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        supervisor.terminate()
        assert supervisor.wait(30) == 0

    assert notes(folder) == ["web starts", "web ends"]
    assert not postgres.is_alive()


def test_everything_ends_with_a_killed_supervisor_and_starts_again_on_the_same_folder(folder):
    postgres = EmbeddedPostgres(folder)
    with supervising(folder, part("web"), part("worker"), database=True) as supervisor:
        pids = [pid_of(folder, "web"), pid_of(folder, "worker")]
        supervisor.kill()
        supervisor.wait()
        assert eventually(lambda: not any(map(runs, pids)))
        assert eventually(lambda: not postgres.is_alive())

    with supervising(folder, part("web"), database=True):
        assert postgres.is_ready()


def test_a_new_supervisor_may_start_at_once_after_a_killed_one(folder):
    postgres = EmbeddedPostgres(folder)
    with supervising(folder, part("web"), database=True) as supervisor:
        supervisor.kill()
        supervisor.wait()
        with supervising(folder, part("web"), database=True):
            time.sleep(3)
            with psycopg.connect(postgres.dsn) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_second_supervisor_on_the_folder_is_told_the_address_of_the_first(folder, tmp_path):
    with only_one(folder, "http://127.0.0.1:8000"), only_one(tmp_path, "http://127.0.0.1:8001"):
        with pytest.raises(AlreadyRunning, match=r"at http://127.0.0.1:8000"), only_one(folder, "another"):
            pass
        with pytest.raises(AlreadyRunning, match=r"at http://127.0.0.1:8001"), only_one(tmp_path, "another"):
            pass

    with only_one(folder, "another"):
        assert (folder / "locks" / "demo-address").read_text() == "another"


def test_the_folder_of_a_killed_supervisor_is_free(folder):
    script = (
        "import sys; from pathlib import Path; from marketplace.demo.supervisor import only_one\n"
        "with only_one(Path(sys.argv[1]), 'a'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        holder.kill()

    with only_one(folder, "b"):
        assert (folder / "locks" / "demo-address").read_text() == "b"
