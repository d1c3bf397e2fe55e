"""Parts of the product as processes of their own, on the test's database, so that they can be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from flask import Flask

from marketplace.config import Settings

_UP_WITHIN_S = 60

Start = Callable[..., subprocess.Popen[bytes]]


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a part of its own works with these settings."""
    names = (
        "database_url", "secret_key", "pii_keys", "pii_pepper", "stripe_secret_key", "stripe_webhook_secret",
        "stripe_api_base", "mail_from", "public_url", "files_url", "company_name", "company_address", "company_country",
    )  # fmt: skip
    given = {name.upper(): str(getattr(settings, name)) for name in names}
    return {**os.environ, **given, "FAIRLEAD_MODE": "test", "SMTP_URL": "smtp://127.0.0.1:9", "LOG_LEVEL": "WARNING"}


@contextmanager
def parts(environment: dict[str, str], folder: Path) -> Iterator[Start]:
    """Start parts of the product: `start("worker")`. What they say is in `folder`; they end with the block."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        with (folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "marketplace", *command], env=environment, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve_at(start: Start, folder: Path, workers: int, port: int | None = None) -> tuple[str, subprocess.Popen[bytes]]:
    """Start a web server; its address when it answers, and the process that watches over its workers."""
    port = port or free_port()
    process = start("serve", "--bind", f"127.0.0.1:{port}", "--workers", str(workers))
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < until:
        if is_ready(address):
            return address, process
        time.sleep(0.1)
    raise AssertionError((folder / "serve.log").read_text())


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=2, trust_env=False, verify=False).is_success
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(app: Flask) -> dict[str, str]:
    return environment_of(app.extensions["settings"])


@pytest.fixture
def part(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    with parts(environment, tmp_path) as start:
        yield start


@pytest.fixture
def serve(part: Start, tmp_path: Path) -> Callable[..., tuple[str, int]]:
    """Start a web server: `serve(workers=2)`."""

    def start(workers: int) -> tuple[str, int]:
        address, process = serve_at(part, tmp_path, workers)
        return address, process.pid

    return start
