"""The web server: gunicorn with threads, around the same application that every command uses."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from marketplace.api import metrics
from marketplace.app import create_app
from marketplace.config import Settings


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
    """
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "worker_tmp_dir": None,
        "timeout": 120,
        "graceful_timeout": 10,
        "keepalive": 15,
        "accesslog": None,
        "control_socket_disable": True,
        "loglevel": settings.log_level.lower(),
        "proc_name": "fairlead",
    }
    with metrics.counted_together():
        _Server(settings, options).run()
