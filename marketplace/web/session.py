"""Who is signed in: the session holds a person, an organisation and the epoch of the password, nothing else.

The epoch is that of the password by which the person was proved: read anew it could be that of one set meanwhile.
"""

from typing import Any
from uuid import UUID

from flask import Flask, Response, after_this_request, current_app, request, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from structlog.contextvars import bind_contextvars

from marketplace.kit.errors import Unauthorized
from marketplace.people import Who, queries


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """A person's session. Its id names person, epoch and organisation."""

    def __init__(self, who: Who) -> None:
        self.who = who

    def get_id(self) -> str:
        return f"{self.who.user_id}:{self.who.epoch}:{self.who.org_id}"


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


def begin(who: Who) -> None:
    """Sign a person in, for the organisation that `who` acts for."""
    login_user(SignedIn(who))
    remember(who.user_id, who.epoch)


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
    logout_user()


def _load(session_id: str) -> SignedIn | None:
    try:
        user, epoch, org = session_id.split(":")
        found = queries.who_of_session(UUID(user), int(epoch), UUID(org))
    except ValueError:
        return None
    if found is None:
        return None
    bind_contextvars(user_id=user, org_id=org)
    return SignedIn(found)
