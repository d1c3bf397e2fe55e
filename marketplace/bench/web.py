"""The web processes of a bench: the same command as in production."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from marketplace.bench.crew import ClientFailed
from marketplace.bench.ground import environment
from marketplace.config import Settings
from marketplace.kit.leash import leashed
from marketplace.kit.log_files import tail

_UP_WITHIN_S = 60.0
HOST = "127.0.0.1"


@contextmanager
def serving(settings: Settings, log: Path, *options: str) -> Iterator[tuple[int, int]]:
    """`fairlead serve` with these options: its port and the process that watches over its workers.

    Raises:
        ClientFailed: it does not answer, or not as it should; with the end of its log.
    """
    port = _free_port()
    command = [sys.executable, "-m", "marketplace", "serve", "--bind", f"{HOST}:{port}", *options]
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603  # our own command
            leashed(command), env=environment(settings), stdout=out, stderr=out
        )
    try:
        _await_answer(port, process)
        yield port, process.pid
    except ClientFailed as error:
        raise ClientFailed(f"{error}\n{tail(log)}") from error
    finally:
        process.terminate()
        process.wait(30)


def _await_answer(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://{HOST}:{port}/readyz", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise ClientFailed("the web server does not answer:")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
