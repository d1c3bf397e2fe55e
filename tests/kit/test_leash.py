"""Programs on a leash end with their starter; by the kernel, and by watching where the kernel does not do it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STARTER = """
import signal, subprocess, sys
from marketplace.kit.leash import leashed
script = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"
command = leashed([sys.executable, "-c", script, sys.argv[1]], watched=sys.argv[2] == "watched")
program = subprocess.Popen(command, start_new_session=True)
print(program.pid, flush=True)
sys.exit(program.wait() and 5)
"""


def gone(pid: int, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
        if answer.stdout[:1] in {"", "Z"}:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("way", ["by the kernel", "watched"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_program_ends_with_its_starter(tmp_path, way, end):
    note = tmp_path / "pid"
    command = [sys.executable, "-c", STARTER, str(note), way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stdout.readline())
        while not (note.exists() and note.read_text()):
            time.sleep(0.02)
        assert int(note.read_text()) == pid
        assert not gone(pid, within=0.8)
        starter.send_signal(end)

    assert gone(pid)


@pytest.mark.parametrize("way", ["by the kernel", "watched"])
def test_the_end_of_the_program_is_seen_by_its_starter(tmp_path, way):
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "pid"), way], stdout=subprocess.PIPE
    ) as starter:
        os.kill(int(starter.stdout.readline()), signal.SIGKILL)

        assert starter.wait(10) == 5


def test_a_program_that_does_not_exist_is_named(tmp_path: Path):
    script = (
        "import subprocess, sys; from marketplace.kit.leash import leashed\n"
        "sys.exit(subprocess.run(leashed([sys.argv[1]])).returncode)"
    )
    missing = str(tmp_path / "missing")

    answer = subprocess.run([sys.executable, "-c", script, missing], check=False, capture_output=True, text=True)

    assert answer.returncode == 1
    assert answer.stderr == f"{missing} cannot be started: No such file or directory\n"
