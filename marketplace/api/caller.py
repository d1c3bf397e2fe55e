"""Who is asking: found from the API key, once a request."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from flask import current_app, g, request
from structlog.contextvars import bind_contextvars
from werkzeug.exceptions import HTTPException

from marketplace.kit.errors import Refusal, Unauthorized
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people import Who, queries

P = ParamSpec("P")
R = TypeVar("R")

_ITSELF = "finds_caller_itself"


class KeyMissing(Unauthorized):
    code = "key_missing"
    sentence = _l("Send your API key in the header: Authorization: Bearer flk_...")


def authenticate() -> None:
    """Find the key's maker before anything else is looked at. Raises KeyMissing, UnknownKey."""
    g.pop("caller", None)  # whoever asked before, nobody is taken for somebody else
    secret()
    if not hasattr(current_app.view_functions[request.endpoint or ""], _ITSELF):
        caller()


def finds_caller_itself(view: Callable[P, R]) -> Callable[P, R]:
    """For a hot route whose own statement finds out who is asking.

    Nothing is told to somebody unknown, whatever else is wrong: before a refusal the caller is found after all.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return view(*args, **kwargs)
        except (Refusal, HTTPException):
            caller()
            raise

    setattr(wrapper, _ITSELF, True)
    return wrapper


def secret() -> str:
    """The key of this request. Raises KeyMissing."""
    scheme, _space, found = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not found.strip():
        raise KeyMissing
    return found.strip()


def caller() -> Who:
    """The person and organisation behind the key of this request. Raises UnknownKey."""
    if "caller" not in g:
        g.caller = queries.who_of_key(secret())
        note_org(g.caller.org_id)
    found: Who = g.caller
    return found


def note_org(org_id: UUID) -> None:
    """Have the request's lines in the log name the organisation."""
    bind_contextvars(org_id=str(org_id))
