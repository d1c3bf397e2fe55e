"""Who is asking: found from the API key, once a request."""

from flask import g, request
from structlog.contextvars import bind_contextvars

from marketplace.kit.errors import Unauthorized
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people import Who, queries


class KeyMissing(Unauthorized):
    code = "key_missing"
    sentence = _l("Send your API key in the header: Authorization: Bearer flk_...")


def authenticate() -> None:
    """Find the key's maker before anything else is looked at. Raises KeyMissing, UnknownKey."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise KeyMissing
    g.caller = queries.who_of_key(secret.strip())
    bind_contextvars(org_id=str(g.caller.org_id))


def caller() -> Who:
    """The person and organisation behind the key of this request."""
    found: Who = g.caller
    return found
