"""A lean load generator: one process, plain sockets kept open, the next purchase as soon as one is answered."""

import json
import selectors
import socket
import time
from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from marketplace.bench.purchase.supply import Supply
from marketplace.bench.web import HOST

_PATIENCE_S = 30.0
_PIECE = 1 << 16
_CREATED = b"HTTP/1.1 201"
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(slots=True)
class _Line:
    """One connection with the purchase that is under way on it."""

    socket: socket.socket
    began: float = 0.0
    heard: bytes = b""


class HttpClient:
    """`lines` connections that are never idle in a slice, driven by one thread."""

    def __init__(self, port: int, lines: int, supply: Supply) -> None:
        self._port, self._count, self._supply = port, lines, supply

    def work(self, until: float) -> "array[float]":
        """What is still under way at the end is waited for, and not counted."""
        latencies = array("d")
        with selectors.DefaultSelector() as selector, ExitStack() as opened:
            for _ in range(self._count):
                line = _Line(opened.enter_context(self._connect()))
                selector.register(line.socket, selectors.EVENT_READ, line)
                self._ask(line)
            waiting = self._count
            while waiting:
                for line in _heard_from(selector):
                    if not _is_answered(line):
                        continue
                    if time.monotonic() < until:
                        latencies.append(time.perf_counter() - line.began)
                        self._ask(line)
                    else:
                        waiting -= 1
        return latencies

    def _connect(self) -> socket.socket:
        opened = socket.create_connection((HOST, self._port), _PATIENCE_S)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def _ask(self, line: _Line) -> None:
        number, lead_id, buyer = self._supply.take()
        request = _request(number, lead_id, buyer.key, self._supply)
        line.heard, line.began = b"", time.perf_counter()
        line.socket.sendall(request)


def _heard_from(selector: selectors.BaseSelector) -> list[_Line]:
    events = selector.select(_PATIENCE_S)
    if not events:
        raise RuntimeError("no answer within half a minute")
    return [key.data for key, _mask in events]


def _is_answered(line: _Line) -> bool:
    piece = line.socket.recv(_PIECE)
    if not piece:
        raise RuntimeError("the server closed a connection")
    line.heard += piece
    head, found, body = line.heard.partition(_END_OF_HEAD)
    if not found or len(body) < _length_in(head):
        return False
    if not head.startswith(_CREATED):
        raise RuntimeError(line.heard.decode(errors="replace"))
    return True


def _request(number: int, lead_id: UUID, key: str, supply: Supply) -> bytes:
    body = json.dumps(
        {"lead_id": str(lead_id), "quoted_price": {"amount": supply.price.amount, "currency": supply.price.currency}}
    )
    lines = (
        "POST /api/v1/orders HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {key}",
        f"Idempotency-Key: bench-{number}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        body,
    )
    return "\r\n".join(lines).encode()


def _length_in(head: bytes) -> int:
    _before, _name, after = head.lower().partition(_LENGTH)
    return int(after.partition(b"\r\n")[0])
