"""How much a form may send: little, but for the few that take files, and those only from somebody who may send them.

The guard of forms reads the whole of a form to find its token, so this is settled before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from marketplace.kit.db import transaction
from marketplace.kit.limits import Limit, spend
from marketplace.people import Power
from marketplace.web.session import who

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "takes_files"
#: the files of one answer in a dispute, and the form around them
EVIDENCE_MIB = 64


@dataclass(frozen=True, slots=True)
class _Files:
    """Who may send them, how large all are (None: as a file of leads may be), and how often one organisation may."""

    power: Power
    mib: int | None = None
    limit: Limit | None = None


def takes_evidence(power: Power) -> Callable[[View], View]:
    """Mark a form that brings the files of a dispute."""
    return _marked(_Files(power, EVIDENCE_MIB))


def takes_leads(power: Power, limit: Limit) -> Callable[[View], View]:
    """Mark a form that brings a file of leads; `limit` counts each sending, whatever comes of it."""
    return _marked(_Files(power, limit=limit))


def _marked(files: _Files) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, files)
        return view

    return mark


def install(app: Flask) -> None:
    """Before anything reads a form."""
    app.before_request(_make_room)


def _make_room() -> None:
    """Raises Unauthorized, Forbidden, TooMany."""
    files: _Files | None = getattr(current_app.view_functions.get(request.endpoint or ""), _MARK, None)
    if files is None:
        return
    sender = who()
    sender.need(files.power)
    if files.limit:
        with transaction():
            spend(files.limit, str(sender.org_id))
    request.max_content_length = files.mib << 20 if files.mib else current_app.extensions["settings"].longest_body
