"""Browsers that a person has come in with: a mark that they keep tells them from those of strangers.

Whoever guesses at an address from elsewhere uses up the tries of strangers, not those of its owner ("device cookies",
OWASP). A mark opens nothing, and ends with the password.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.people import tokens
from marketplace.people.errors import TokenExpired, TokenInvalid
from marketplace.people.models import User
from marketplace.people.tokens import BROWSER

_PREFIX = "known_"
#: of 175 bytes each; a web server takes 8 KiB in a header
_MOST = 10
_NEVER = datetime.min.replace(tzinfo=UTC)


class Mark(NamedTuple):
    """What a browser keeps: under which name, for how many seconds."""

    name: str
    value: str
    seconds: int


def mark_of(user_id: UUID, epoch: int) -> Mark:
    """For a browser whose holder has just proved to be this person, by the password of this epoch or a letter of it."""
    user = session().get_one(User, user_id)
    return Mark(mark_name(user.email), tokens.browser(user_id, epoch), int(BROWSER.life.total_seconds()))


def mark_name(email: str) -> str:
    """Under which name a browser keeps the mark of the person with this address; it does not tell the address."""
    return f"{_PREFIX}{tokens.address_mark(email)}"


def surplus(kept: Mapping[str, str], new: Mark) -> list[str]:
    """The names of the marks that a browser drops beside a new one: it sends all of them with each sign-in.

    Args:
        kept: everything that the browser keeps, by name.
    """
    made = {
        name: tokens.made_at(BROWSER, value) or _NEVER
        for name, value in kept.items()
        if name.startswith(_PREFIX) and name != new.name
    }
    return sorted(made, key=made.__getitem__, reverse=True)[_MOST - 1 :]


def marked_person(email: str, mark: str) -> UUID | None:
    """Whose mark this is; None unless it is that of the person with this address and of the password of today."""
    try:
        user_id, content = tokens.read(BROWSER, mark, "user")
    except (TokenInvalid, TokenExpired):
        return None
    theirs = User.id == user_id, User.email == email, User.session_epoch == content.get("epoch")
    return session().scalar(select(User.id).where(*theirs))
