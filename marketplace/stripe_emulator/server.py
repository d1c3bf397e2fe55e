"""Serving the emulator without further parts."""

from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line per request: the addresses of payment pages are secrets."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """End the connection, also when an answer broke off on our side."""
        super().connection_dropped(error, environ)
        self.close_connection = True


def serve(app: Flask, host: str, port: int) -> None:
    """Answer requests until the process is told to end."""
    server_of(app, host, port).serve_forever()


def server_of(app: Flask, host: str, port: int = 0) -> BaseWSGIServer:
    """A server that listens and does not answer yet. Port 0 takes a free one."""
    return make_server(host, port, app, threaded=True, request_handler=_Handler)
