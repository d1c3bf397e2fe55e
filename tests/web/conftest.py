"""Readers of pages, an agency, and an application that knows only the parts of pages: static files, layouts ..."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string, request
from jinja2 import FileSystemLoader, StrictUndefined

from marketplace.kit import clock
from marketplace.kit.i18n import Babel
from marketplace.kit.money import Money
from marketplace.web import assets, shapes
from tests.conftest import Visitor
from tests.factories.pages import Reader
from tests.factories.people import make_person

ROOT = Path(__file__).parents[2]
_SHELF = {"label": "Catalogue", "href": "/catalogue", "icon": "building-store", "key": "c", "tab": True}
_INBOX = {"label": "Inbox", "href": "/inbox", "icon": "inbox", "key": "i", "tab": True}
NAV = [_SHELF | {"count": 0, "current": True}, _INBOX | {"count": 7, "current": False}]
ME = {
    "name": "Dana Okafor",
    "org": "Brightside Solar",
    "initials": "DO",
    "menu": [{"label": "Sign out", "href": "/sign-out", "icon": "logout", "post": True}],
}


@pytest.fixture
def parts_app() -> Flask:
    """Serves each template text put into `app.extensions["pages"]` at /<name>, under the policy that production has."""
    app = Flask("parts", static_folder=None, template_folder=None)
    with app.app_context():
        clock.let_it_move(allowed=False)
    app.secret_key = "only for the tests of parts"
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    app.jinja_env.undefined = StrictUndefined
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"), timezone_selector=lambda: "America/Chicago")
    assets.install(app, ROOT / "static")
    shapes.install(app)
    pages = app.extensions["pages"] = {}

    @app.get("/<name>")
    def page(name):
        return render_template_string(pages[name])

    @app.context_processor
    def frame():
        return {"frame": frame_of([("Available", usd(215380))]), "usd": usd}

    @app.after_request
    def guard(response):
        response.headers["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:"
        return response

    return app


def frame_of(money) -> dict[str, object]:
    return {"nav": lambda: NAV, "me": lambda: ME, "money": lambda: money}


def usd(cents: int) -> Money:
    return Money(cents, "USD")


@pytest.fixture
def render(parts_app):
    """Render a template text as a page would be; `headers` and `path` describe the request."""

    def render(text: str, *, path: str = "/", headers: dict[str, str] | None = None, **values: object) -> str:
        with parts_app.test_request_context(path, headers=headers):
            return render_template_string(text, usd=usd, frame=frame_of([]), **values)

    return render


@pytest.fixture
def visit(app):
    """A new browser: visit() for a visitor, visit(person) for somebody who has signed in."""

    def visit(person=None) -> Reader:
        reader = Reader(Visitor(app, app.response_class, use_cookies=True))
        if person:
            assert reader.sign_in(person).status == 303
        return reader

    return visit


@pytest.fixture
def agency(app):
    return make_person("agency")
