"""The description of the API, as JSON for programs and as a page for people."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, render_template

_JSON_PATH = "/api/v1/openapi.json"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def install(app: Flask, describe: Callable[[], dict[str, Any]]) -> None:
    """Serve the description, made once when somebody first asks for it."""
    blueprint = Blueprint("api-docs", __name__)

    @cache
    def text() -> str:
        return json.dumps(describe(), ensure_ascii=False)

    @blueprint.get(_JSON_PATH)
    def openapi() -> Response:
        return plain_data(Response(text(), mimetype="application/json"))

    @blueprint.get("/api/docs")
    def page() -> Response:
        response = Response(render_template("api/docs.html", openapi_url=_JSON_PATH))
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
        return response

    app.register_blueprint(blueprint)


def plain_data(response: Response) -> Response:
    """An answer that is never a page: nothing in it runs, nothing of it is kept on the way."""
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response
