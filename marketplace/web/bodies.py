"""How much a form may send: little, but for the few that take files, and those only from somebody who is signed in.

The guard of forms reads the whole of a form to find its token, so this is settled before.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from marketplace.web.session import who

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "takes_mib"
#: the files of one answer in a dispute, and the form around them
EVIDENCE_MIB = 64


def takes_evidence(view: View) -> View:
    """Mark a form that brings the files of a dispute."""
    setattr(view, _MARK, EVIDENCE_MIB)
    return view


def takes_leads(view: View) -> View:
    """Mark a form that brings a file of leads."""
    setattr(view, _MARK, None)
    return view


def install(app: Flask) -> None:
    """Before anything reads a form."""
    app.before_request(_make_room)


def _make_room() -> None:
    """Raises Unauthorized."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, _MARK):
        return
    who()
    mib: int | None = getattr(view, _MARK)
    request.max_content_length = mib << 20 if mib else current_app.extensions["settings"].longest_body
