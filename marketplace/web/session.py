"""Who is signed in: the session names a sign-in, an organisation and the epoch of the password, nothing else.

The epoch is that of the password by which the person was proved: read anew it could be that of one set meanwhile.
Signing out ends the row of the sign-in: who has copied the cookie is out as well.
"""

from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, after_this_request, current_app, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bind_contextvars

from marketplace.kit.db import transaction
from marketplace.kit.errors import Unauthorized
from marketplace.people import Who, actions, queries
from marketplace.people.actions import HalfWay
from marketplace.people.models import Proof

log = structlog.get_logger()

#: where the session keeps that the password was right and a code is still to come, and where the person wanted to go
_HALF_WAY = "half_way"
#: a browser drops a cookie of more than 4096 bytes
_LONGEST = 1000


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """A person's session. Its id names sign-in, epoch and organisation."""

    def __init__(self, who: Who) -> None:
        self.who = who

    def get_id(self) -> str:
        return f"{self.who.sign_in_id}:{self.who.epoch}:{self.who.org_id}"


def install(app: Flask) -> None:
    """Let Flask-Login find people by their sessions."""
    manager: Any = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(_load)


def who() -> Who:
    """The person who asks. Raises Unauthorized when nobody is signed in."""
    if not current_user.is_authenticated:
        raise Unauthorized
    found: Who = current_user.who
    return found


def who_or_none() -> Who | None:
    """The person who asks, if somebody is signed in."""
    return current_user.who if current_user and current_user.is_authenticated else None


def opened(who: Who, proof: Proof = Proof.PASSWORD) -> Who:
    """The same person, known by a sign-in of this browser: in the act that has proved who it is.

    What the browser was signed in as before has ended.
    """
    kept = _kept()
    if kept:
        actions.sign_out(kept)
    return actions.open_sign_in(who, request.user_agent.string, proof)


def begin(who: Who) -> None:
    """Let the browser's session be that of `who`, known by a sign-in, for the organisation that they act for."""
    leave_half_way()
    login_user(SignedIn(who))
    remember(who.user_id, who.epoch)


def wait_half_way(half: HalfWay, wanted: str) -> None:
    """Have this browser keep that a code is still to come; that opens no page but the one that asks for it."""
    cookie[_HALF_WAY] = {"token": half.token, "wanted": wanted if len(wanted) <= _LONGEST else ""}


def half_way() -> tuple[str, str] | None:
    """The token of `HalfWay` and where the person wanted to go, in a browser that waits for a code."""
    kept = cookie.get(_HALF_WAY)
    return (kept["token"], kept["wanted"]) if kept else None


def leave_half_way() -> None:
    """The browser waits for no code any more."""
    cookie.pop(_HALF_WAY, None)


def remember(user_id: UUID, epoch: int) -> None:
    """Have the browser keep that this person has come in with it; the tries of strangers do not count for it then."""
    mark, path = queries.mark_of(user_id, epoch), url_for("auth.sign_in")

    @after_this_request
    def keep(response: Response) -> Response:
        for name in queries.surplus(request.cookies, mark):
            response.delete_cookie(name, path=path)
        response.set_cookie(
            mark.name,
            mark.value,
            max_age=mark.seconds,
            path=path,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def mark_for(email: str) -> str:
    """What the browser keeps for this address, or nothing."""
    return request.cookies.get(queries.mark_name(email), "")


def end() -> None:
    """Sign out."""
    kept = _kept()
    if kept:
        with transaction():
            actions.sign_out(kept)
    leave_half_way()
    logout_user()


def _load(session_id: str) -> SignedIn | None:
    named = _read(session_id)
    found = queries.session_of(*named) if named else None
    if found is None:
        return None
    if found.is_due:
        _mark_seen(found.who)
    bind_contextvars(user_id=str(found.who.user_id), org_id=str(found.who.org_id))
    return SignedIn(found.who)


def _mark_seen(who: Who) -> None:
    """When the answer is made, in an act of its own: a page does not fail with it."""

    @after_this_request
    def write(response: Response) -> Response:
        try:
            with transaction():
                actions.mark_seen(who)
        except SQLAlchemyError as error:
            log.warning("sign-in not marked as seen", error=type(error).__name__)
        return response


def _kept() -> UUID | None:
    """The sign-in that this browser's session names, whether it stands or not."""
    named = _read(cookie.get("_user_id") or "")
    return named[0] if named else None


def _read(session_id: str) -> tuple[UUID, int, UUID] | None:
    """Sign-in, epoch and organisation."""
    try:
        sign_in, epoch, org = session_id.split(":")
        return UUID(sign_in), int(epoch), UUID(org)
    except ValueError:
        return None
