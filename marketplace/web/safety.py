"""What holds for every answer: a request's id and its line in the log, headers that browsers obey, refusals as pages.

Addresses below /api are answered by the API's own handlers; they belong to its blueprints and win over these.
"""

import time
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, get_flashed_messages, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from marketplace import billing
from marketplace.kit.errors import Busy, Forbidden, Refusal, Unauthorized
from marketplace.kit.i18n import gettext as _
from marketplace.kit.logs import clean_path, told_without_words
from marketplace.kit.trouble import is_passing
from marketplace.web.nearest import nearest_page

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
_A_YEAR = "max-age=31536000"
#: statuses with a page of their own; the others are told in the words of the one nearest to them
_PAGES = frozenset({403, 404, 409, 413, 429, 500, 503})
_TOLD_AS = {401: 403, 402: 409, 410: 404, 412: 409, 422: 409}


def install(app: Flask) -> None:
    """Number requests, set headers, turn refusals of pages into pages."""
    # A form's token is bound to the session and lives as long. Pages with tokens send no Referer to compare.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    app.before_request(_number)
    app.after_request(_protect)
    app.after_request(_log)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(MethodNotAllowed, _only_sent)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(Exception, _broken)


def _number() -> None:
    g.request_id, g.came_at = uuid4().hex, time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, path=clean_path(request.path))


def _log(response: Response) -> Response:
    """One line for each request: never a body, a header or what stands behind the question mark."""
    took = round((time.perf_counter() - g.came_at) * 1000, 1) if "came_at" in g else None
    log.info("request", method=request.method, status=response.status_code, ms=took)
    return response


def _protect(response: Response) -> Response:
    given = {name.lower() for name, _value in response.headers}
    for name, value in _headers(billing.gateway().checkout_origin, is_secure=request.is_secure):
        if name.lower() not in given and (name != "Cache-Control" or request.endpoint != "assets"):
            response.headers.add(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


@cache
def _headers(checkout_origin: str, *, is_secure: bool) -> tuple[tuple[str, str], ...]:
    """What is set unless an answer has its own."""
    # A form that asks for a top-up is answered with the way to the payment page, on another origin.
    policy = {"Content-Security-Policy": _POLICY.format(checkout=checkout_origin), "Cache-Control": "no-store"}
    return tuple({**_HEADERS, **policy, **({"Strict-Transport-Security": _A_YEAR} if is_secure else {})}.items())


def _refused(why: Refusal) -> tuple[str, int, dict[str, str]] | AnyResponse:
    if isinstance(why, Unauthorized):
        return _to_sign_in()
    return _page(why.status, str(why), is_sharp=type(why) is not Forbidden), why.status, later(why)


def _to_sign_in() -> AnyResponse:
    """A page leads back to itself afterwards, a form to the page that it stands on; a part has its page moved."""
    is_read = request.method == "GET"
    wanted = request.full_path.removesuffix("?") if is_read else nearest_page(request.path)
    if request.headers.get("HX-Request"):
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url_for("auth.sign_in")})
    return redirect(url_for("auth.sign_in", next=wanted), HTTPStatus.SEE_OTHER)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(409, _("This form is too old. Load the page again and send it once more.")), HTTPStatus.CONFLICT


def _only_sent(error: MethodNotAllowed) -> tuple[str, int] | Any:
    """The address of a form is read: after a refusal was loaded again, or after signing in."""
    page = nearest_page(request.path) if request.method in ("GET", "HEAD") else None
    return redirect(page, HTTPStatus.SEE_OTHER) if page else _failed(error)


def _failed(error: HTTPException) -> tuple[str, int] | Any:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    return _page(error.code, ""), error.code


def later(why: Refusal) -> dict[str, str]:
    """The header that says when the same may be asked again, where waiting is of use."""
    return {} if why.retry_after is None else {"Retry-After": str(why.retry_after)}


def _broken(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Trouble that passes, such as a database that is away; the rest is a bug."""
    if is_passing(error):
        log.warning("request.busy", **told_without_words(error))
        return _plain_page(Busy.status), Busy.status, later(Busy())
    log.error("request.failed", method=request.method, **told_without_words(error))
    return _plain_page(500), HTTPStatus.INTERNAL_SERVER_ERROR, {}


def _plain_page(status: int) -> str:
    """A page that needs neither a session nor the database."""
    template = current_app.jinja_env.get_template(f"errors/{status}.html")
    values = {"request": request, "request_id": g.get("request_id", ""), "get_flashed_messages": get_flashed_messages}
    return template.render(values)


def _page(status: int, refusal: str, *, is_sharp: bool = False) -> str:
    nearest = HTTPStatus.INTERNAL_SERVER_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.NOT_FOUND
    shown = status if status in _PAGES else _TOLD_AS.get(status, int(nearest))
    number = g.get("request_id", "")
    return render_template(f"errors/{shown}.html", refusal=refusal, request_id=number, is_sharp=is_sharp)
