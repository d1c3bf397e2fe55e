"""What holds for every answer: a request's id, headers that browsers obey, refusals as pages."""

from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from marketplace import billing
from marketplace.kit.errors import Refusal, TooMany, Unauthorized
from marketplace.kit.i18n import gettext as _
from marketplace.kit.logs import clean_path

log = structlog.get_logger()

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self' {checkout}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PAGES = frozenset({403, 404, 409, 413, 429, 500})


def install(app: Flask) -> None:
    """Number requests, set headers, turn refusals of pages into pages."""
    app.before_request(_number)
    app.after_request(_protect)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(Exception, _broken)


def _number() -> None:
    g.request_id = uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, path=clean_path(request.path))


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # A form that asks for a top-up is answered with the way to the payment page, on another origin.
    policy = _POLICY.format(checkout=billing.gateway().checkout_origin)
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "assets":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _refused(why: Refusal) -> tuple[str, int, dict[str, str]] | AnyResponse:
    if isinstance(why, Unauthorized):
        return redirect(url_for("auth.sign_in", next=request.full_path if request.method == "GET" else None))
    headers = {"Retry-After": str(why.retry_after)} if isinstance(why, TooMany) else {}
    return _page(why.status, str(why)), why.status, headers


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(409, _("This form is too old. Load the page again and send it once more.")), 409


def _failed(error: HTTPException) -> tuple[str, int] | Any:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, ""), error.code


def _broken(error: Exception) -> tuple[str, int]:
    log.error("request.failed", exc_info=error)
    return _page(500, ""), 500


def _page(status: int, refusal: str) -> str:
    shown = status if status in _PAGES else 500 if status >= 500 else 409 if status in (402, 422) else 404
    return render_template(f"errors/{shown}.html", refusal=refusal, request_id=g.get("request_id", ""))
