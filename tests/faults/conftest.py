"""Parts of the product as processes of their own, on the test's database, so that they can be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

_UP_WITHIN_S = 60


@pytest.fixture
def environment(app: Flask) -> dict[str, str]:
    """The environment in which a part of its own works on the test's database."""
    settings = app.extensions["settings"]
    names = (
        "database_url", "secret_key", "pii_keys", "pii_pepper", "stripe_secret_key", "stripe_webhook_secret",
        "stripe_api_base", "mail_from", "public_url", "files_url", "company_name", "company_address", "company_country",
    )  # fmt: skip
    given = {name.upper(): str(getattr(settings, name)) for name in names}
    return {**os.environ, **given, "FAIRLEAD_MODE": "test", "SMTP_URL": "smtp://127.0.0.1:9", "LOG_LEVEL": "WARNING"}


@pytest.fixture
def part(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a part of the product: `part("worker")`. It ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{command[0]}.log").open("ab") as log:
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


@pytest.fixture
def serve(part: Callable[..., subprocess.Popen[bytes]], tmp_path: Path) -> Callable[..., tuple[str, int]]:
    """Start a web server; its address and the process that watches over its workers."""

    def start(workers: int) -> tuple[str, int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = part("serve", "--bind", f"127.0.0.1:{port}", "--workers", str(workers))
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + _UP_WITHIN_S
        while time.monotonic() < until:
            try:
                if httpx.get(f"{address}/readyz", timeout=2).is_success:
                    return address, process.pid
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((tmp_path / "serve.log").read_text())

    return start
