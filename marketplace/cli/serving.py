"""The web server: gunicorn with threads, around the same application that every command uses."""

import socket
import sys
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from marketplace.api import metrics
from marketplace.app import create_app
from marketplace.config import Settings

_SHARES_OUT = sys.platform.startswith("linux")


class _Server(BaseApplication):
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # a Flask application is the WSGI callable that is asked for
        return create_app(self._settings)


def serve_with(settings: Settings, bind: str, workers: int, threads: int) -> None:
    """Serve until told to end.

    Args:
        bind: HOST:PORT.
        workers: processes; each makes its own application and its own connections.
        threads: requests at once in each.

    Raises:
        click.ClickException: somebody else answers there.
    """
    _be_the_first(bind)
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "worker_tmp_dir": None,
        "timeout": 120,
        "graceful_timeout": 10,
        # Where the kernel shares connections out between processes. Else the one that is awake takes them all.
        "reuse_port": _SHARES_OUT,
        "keepalive": 15,
        "accesslog": None,
        "control_socket_disable": True,
        "loglevel": settings.log_level.lower(),
        "proc_name": "fairlead",
    }
    with metrics.counted_together():
        _Server(settings, options).run()


def _be_the_first(bind: str) -> None:
    """Processes that share a port share it with anybody of the same user: two servers would take turns unnoticed."""
    host, _colon, port = bind.rpartition(":")
    if not _SHARES_OUT or not port.isdecimal():
        return
    try:
        with socket.create_server((host.strip("[]"), int(port)), family=_family(host)):
            pass
    except OSError as error:
        raise click.ClickException(f"Nothing can be served at {bind}: {error.strerror}.") from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
