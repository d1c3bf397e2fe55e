"""What the pages before the door share: where a visitor asks from, where they want to go, what they may not leak."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from marketplace.kit.errors import Refusal
from marketplace.kit.limits import network_of
from marketplace.people import Who
from marketplace.web.navigation import home_of
from marketplace.web.safety import later


def network() -> str:
    """Where the request comes from, for counting tries."""
    return network_of(request.remote_addr or "")


def local(path: str) -> str:
    """The path if it leads nowhere but to our own pages, otherwise nothing."""
    is_plain = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if is_plain and not path.startswith("//") and not urlsplit(path).netloc else ""


def go(path: str) -> AnyResponse:
    """Answer a form by leading to a page: loading that again sends nothing twice."""
    return redirect(path, HTTPStatus.SEE_OTHER)


def welcome(who: Who, wanted: str = "") -> AnyResponse:
    """To where somebody who has just come in wanted to go, or to where they start."""
    return go(local(wanted) or home_of(who))


def form_page(template: str, why: Refusal | None = None, **values: object) -> ResponseReturnValue:
    """A page with a form: empty at first, or as it was sent with what is wrong at its fields.

    The template gets `form` (what was sent), `errors` (by field) and `refusal` (one sentence, where no field is wrong).
    """
    errors = {name: str(words) for name, words in why.fields.items()} if why else {}
    refusal = str(why) if why and not errors else ""
    sent = request.form if request.method == "POST" else request.args
    page = render_template(template, form=sent, errors=errors, refusal=refusal, **values)
    return (page, why.status, later(why)) if why else (page, HTTPStatus.OK)


def without_referrer(answer: ResponseReturnValue) -> Response:
    """The same answer for a page whose address holds a token: no other page is told where its reader came from."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def tell(why: Refusal) -> None:
    """Say on the next page why nothing was done."""
    flash(str(why), "error")
