"""Delivers the webhooks: signs them as Stripe does, posts them, and tries again."""

import functools
import hashlib
import hmac
import json
import logging
import ssl
import threading
import time

import httpx
from flask import Flask

from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.webhooks import outbox
from marketplace.stripe_emulator.webhooks.outbox import Delivery
from marketplace.stripe_emulator.world import world_of

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.25  # seconds; a commit wakes the sender at once
_PATIENCE = 10.0  # seconds that a receiver has to answer
_FOREVER = float("inf")


def signature(payload: str, secret: str, at: int) -> str:
    """Stripe's header: the time, and the HMAC-SHA256 of time and payload."""
    digest = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@functools.cache
def _trust() -> ssl.SSLContext:
    """Read once: that takes longer than a delivery."""
    return ssl.create_default_context()


class Sender:
    """Sends what is due: in a thread of its own (`start`, `stop`), or on demand (`drain`)."""

    def __init__(self, app: Flask) -> None:
        self._world = world_of(app)
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="stripe-emulator-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the delivery under way; what is left waits in the store."""
        self._stopping.set()
        self._world.committed.set()
        if self._thread:
            self._thread.join()
        if "_client" in vars(self):
            self._client.close()

    def drain(self) -> int:
        """Try everything that is due by the emulator's clock once, without waiting for the real-time pauses.

        Also what is queued meanwhile. The number of accepted deliveries comes back.
        """
        tried: set[int] = set()
        accepted = 0
        while fresh := [delivery for delivery in self._due(_FOREVER) if delivery.id not in tried]:
            tried.update(delivery.id for delivery in fresh)
            accepted += sum(self._deliver(delivery) for delivery in fresh)
        return accepted

    def resend(self, event_id: str) -> None:
        """Queue an event once more, as one does by hand in the dashboard."""
        with self._world.work() as work:
            outbox.enqueue(work, work.get("event", event_id))

    @functools.cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=_PATIENCE, trust_env=False, verify=_trust())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                for delivery in self._due(time.time()):
                    if self._stopping.is_set():
                        return
                    self._deliver(delivery)
            except Exception:  # the edge of this thread: the clock's database may be down for a while
                log.exception("webhooks pause for a moment")
                self._stopping.wait(1)
            self._world.committed.wait(_LOOK_EVERY)
            self._world.committed.clear()

    def _due(self, real: float) -> list[Delivery]:
        run_due(self._world)
        now = self._world.timestamp()
        with self._world.store.transaction() as rows:
            return outbox.due(rows, now, real)

    def _deliver(self, delivery: Delivery) -> bool:
        with self._turn:
            with self._world.store.transaction() as rows:
                event = rows.find(delivery.event_id) if outbox.is_waiting(rows, delivery) else None
            if event is None:
                return False
            is_accepted = not delivery.is_lost and self._post(event)
            now = self._world.timestamp()
            with self._world.store.transaction() as rows:
                if is_accepted:
                    outbox.mark_delivered(rows, delivery)
                else:
                    outbox.mark_failed(rows, delivery, now, time.time())
        return is_accepted

    def _post(self, event: Json) -> bool:
        """Whether the receiver took it. The signature carries real time: receivers compare it with their own."""
        payload = json.dumps(public(event), indent=2)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, self._world.webhook_secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            answer = self._client.post(self._world.webhook_url, content=payload.encode(), headers=headers)
        except httpx.HTTPError as error:
            log.info("webhook %s %s: %s", event["type"], event["id"], type(error).__name__)
            return False
        if not answer.is_success:
            log.info("webhook %s %s: status %s", event["type"], event["id"], answer.status_code)
        return answer.is_success


def start_sender(app: Flask) -> Sender:
    """Start delivering in the background; call `stop` on what comes back to end it."""
    sender = Sender(app)
    sender.start()
    return sender
