"""The emulator as a Flask program."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from marketplace.stripe_emulator.faults import Faults
from marketplace.stripe_emulator.pages import BLUEPRINTS
from marketplace.stripe_emulator.protocol.api import add_resource, answer_http_error
from marketplace.stripe_emulator.store import Store
from marketplace.stripe_emulator.table import ACTIONS, RESOURCES
from marketplace.stripe_emulator.world import Delays, World

_LARGEST_REQUEST = 1024 * 1024


def create_world(
    store_path: Path,
    *,
    secret_key: str,
    webhook_url: str,
    webhook_secret: str,
    now: Callable[[], datetime],
    public_url: str,
    faults: Faults | None = None,
    delays: Delays | None = None,
    is_durable: bool = True,
) -> World:
    """What an emulator plays: its whole state is the SQLite file at `store_path`.

    Args:
        store_path: made when missing; one running emulator per file.
        secret_key: the only API key that is accepted; never a live one.
        webhook_url: where a `Sender` delivers events.
        webhook_secret: signs them.
        now: the clock, aware.
        public_url: how browsers reach this program; payment pages live below it.
        faults: what goes wrong; nothing by default.
        delays: how much later settlements and the like happen.
        is_durable: a crash of the machine loses nothing; without, nothing waits for the disk.

    Raises:
        ValueError: a secret is missing, or the key is a live one.
    """
    _check(secret_key, webhook_secret)
    return World(
        store=Store(store_path, is_durable=is_durable),
        secret_key=secret_key,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        public_url=public_url.rstrip("/"),
        now=now,
        faults=faults or Faults(),
        delays=delays or Delays(),
        actions=ACTIONS,
    )


def _check(secret_key: str, webhook_secret: str) -> None:
    if not secret_key.strip() or not webhook_secret.strip():
        raise ValueError("The emulator needs an API key and a webhook secret.")
    if "_live_" in secret_key:
        raise ValueError("The emulator never takes a live key.")


def create_emulator() -> Flask:
    """A stand-in for Stripe, which needs a world to `play`."""
    app = Flask(__name__, static_url_path="/assets")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    _add_addresses(app)
    return app


def _add_addresses(app: Flask) -> None:
    for resource in RESOURCES:
        add_resource(app, resource)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
    app.add_url_rule("/healthz", "healthz", lambda: ("ok\n", {"Content-Type": "text/plain"}))
    app.register_error_handler(HTTPException, _answer_error)


def _answer_error(error: HTTPException) -> Response | HTTPException:
    """Stripe's JSON below /v1 and /v2, a plain page elsewhere."""
    return answer_http_error(error) if request.path.startswith(("/v1/", "/v2/")) else error
