"""What all hosted pages share: the world brought up to date, and the answer's headers."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template

from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.world import World, world_of


def present_world() -> World:
    """The world with everything done that was due by now."""
    world = world_of(current_app)
    run_due(world)
    return world


def render(template: str, status: int, *, leads_to: Iterable[str | None] = (), **values: Any) -> Response:
    """A page whose forms lead here, or to these addresses."""
    return _guarded(make_response(render_template(template, **values), status), leads_to)


def _guarded(response: Response, leads_to: Iterable[str | None]) -> Response:
    """Nothing runs on these pages, and their forms lead here or back to the shop (browsers check redirects too)."""
    targets = {_origin(address) for address in leads_to if address}
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {' '.join(sorted(targets))}".rstrip()
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # with less a browser does not say that a form is our own
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
