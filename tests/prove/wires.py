"""The product and Stripe's stand-in speak HTTP with each other without a socket: each request is a call in a context
of its own. What goes over real sockets is tested elsewhere (tests/faults, tests/billing); here it would cost half the
time."""

import contextvars

import httpx
from flask import Flask

from marketplace.billing import Gateway


class Wire(httpx.BaseTransport):
    """From whoever asks to a program. An answer that breaks off looks as it does on a real connection."""

    def __init__(self, app: Flask) -> None:
        self._inner = httpx.WSGITransport(app=app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return contextvars.Context().run(self._answer, request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._inner.handle_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.read())
        except ConnectionResetError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error


def to(app: Flask) -> httpx.Client:
    """A client that reaches this program only, whatever the address says."""
    return httpx.Client(transport=Wire(app), trust_env=False)


def connect(gateway: Gateway, emulator: Flask) -> None:
    """Have Stripe's own client speak to the stand-in through a wire; all else of it is as it always is."""
    gateway.payments._client._stripe._requestor._client._client = to(emulator)
