"""Serving the emulator without further parts: in the foreground, or in a thread beside a test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from marketplace.stripe_emulator.world import world_of

_ENDS_WITHIN = 0.02  # seconds


class _Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line per request: the addresses of payment pages are secrets."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """End the connection, also when an answer broke off on our side."""
        super().connection_dropped(error, environ)
        self.close_connection = True


def serve(app: Flask, host: str, port: int) -> None:
    """Answer requests until the process is told to end."""
    _make_server(app, host, port).serve_forever()


@contextmanager
def running(make_app: Callable[[str], Flask], host: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[str, Flask]]:
    """Serve in a thread; `(address, app)` comes back. `make_app` is told the address, as public_url needs it.

    Port 0 takes a free one.
    """
    server = _make_server(Flask(__name__), host, port)
    address = f"http://{host}:{server.port}"
    server.app = app = make_app(address)
    thread = threading.Thread(target=server.serve_forever, args=(_ENDS_WITHIN,), name="stripe-emulator", daemon=True)
    thread.start()
    try:
        yield address, app
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        world_of(app).store.close()


def _make_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    return make_server(host, port, app, threaded=True, request_handler=_Handler)
