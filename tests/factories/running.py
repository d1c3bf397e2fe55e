"""Parts of the product that run beside a test: a web server, the jobs, Stripe's stand-in."""

import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace import billing, events
from marketplace.app import create_app
from marketplace.billing import Gateway
from marketplace.jobs.app import app as queue
from marketplace.kit import clock
from marketplace.kit.db import db, session, transaction
from marketplace.kit.own import EXTENSION
from marketplace.reactions import MOVES_MONEY
from marketplace.stripe_emulator import Sender, World, create_world
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.world import world_of
from tests.factories.emulators import Emulators

_TAKE_ONE = text("""
DELETE FROM procrastinate_jobs WHERE id = (
  SELECT id FROM procrastinate_jobs
  WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now() ORDER BY id LIMIT 1)
RETURNING task_name, args
""")
_COUNT_ENTRIES = text("SELECT count(*) FROM ledger_entries")
_MONEY = {job.name for job in MOVES_MONEY}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_args: object) -> None:
        """No line for each request."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind a real socket, a thread for each request; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run_jobs(app: Flask) -> int:
    """Pass on what happened and run what follows, until nothing is left; how many jobs ran. A job's error is raised."""
    ran = 0
    while True:
        while taken := _take_one():
            name, arguments = taken
            before = _entries()
            with app.app_context():
                queue.tasks[name].func(**arguments)
            assert name in _MONEY or _entries() == before, f"{name} moves money: see MOVES_MONEY in reactions.py"
            ran += 1
        if not _pass_on():
            return ran


def _entries() -> int:
    return session().scalar(_COUNT_ENTRIES) or 0


def _pass_on() -> int:
    with transaction():
        return events.drain()


def _take_one() -> tuple[str, dict[str, object]] | None:
    with transaction():
        row = session().execute(_TAKE_ONE).first()
        return (row.task_name, row.args) if row else None


def pay(browser: httpx.Client, checkout_url: str, card: str) -> int:
    """Fill in a checkout page; what the bank says about the payment is the answer's status."""
    page = browser.get(checkout_url).text
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    fields = {name: html.unescape(value) for name, value in hidden}
    entered = {**fields, "card_number": card, "expiry": "12/34", "cvc": "123"}
    return browser.post(checkout_url, data=entered).status_code


@dataclass
class Payments:
    """Stripe's stand-in, and a person with a card in front of it."""

    sender: Sender
    app: Flask

    def pay(self, checkout_url: str, card: str = "4242 4242 4242 4242") -> int:
        """Fill in the page; what the bank says about the payment is the answer's status."""
        with httpx.Client(timeout=10, trust_env=False, verify=False) as browser:
            return pay(browser, checkout_url, card)

    def newest(self, kind: str) -> str:
        """The id of the newest object of a kind at Stripe, once everything has happened that is due."""
        world = world_of(self.app)
        run_due(world)
        with world.store.transaction() as rows:
            return str(next(rows.newest_first(kind))["id"])

    def deliver(self) -> int:
        """Send every webhook that waits; how many were taken."""
        return self.sender.drain()


@contextmanager
def lent(app: Flask) -> Iterator[None]:
    """Meanwhile the application may be given something else; afterwards it has what it had."""
    had = dict(app.extensions[EXTENSION])
    try:
        yield
    finally:
        app.extensions[EXTENSION] = had


@contextmanager
def as_demo(app: Flask) -> Iterator[Flask]:
    """The same application as a demo, whose letters stay in the house, with its context pushed."""
    settings, gateway = app.extensions["settings"], billing.gateway()
    demo = create_app(settings.but(mode="demo"))
    with demo.app_context():
        billing.use_gateway(gateway, settings.public_url)
        try:
            yield demo
        finally:
            db.engine.dispose()


@contextmanager
def paying(emulators: Emulators, app: Flask, address: str, folder: Path) -> Iterator[Payments]:
    """The real gateway against an emulator, whose webhooks go to the application at `address`."""
    settings = app.extensions["settings"]

    def now():
        with app.app_context():
            return clock.now()

    def make(own_address: str) -> World:
        return create_world(
            folder / "stripe.db",
            secret_key=settings.stripe_secret_key,
            webhook_url=f"{address}/webhooks/stripe",
            webhook_secret=settings.stripe_webhook_secret,
            now=now,
            public_url=own_address,
            is_durable=False,
        )

    with emulators.playing(make) as (own_address, emulator), lent(app):
        billing.use_gateway(_gateway(settings.stripe_secret_key, own_address, settings.stripe_webhook_secret), address)
        sender = Sender(emulator)
        try:
            yield Payments(sender, emulator)
        finally:
            sender.stop()


@cache
def _gateway(secret_key: str, address: str, webhook_secret: str) -> Gateway:
    """The same for all tests with the same emulator: to make its client takes a while."""
    return Gateway(secret_key, address, webhook_secret)
