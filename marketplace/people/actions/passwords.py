"""New passwords. Each one makes the epoch grow: older sessions, marks of browsers and reset letters end.

Where the person was signed in they are not any more, but for the browser that changed the password.
"""

from dataclasses import replace

from marketplace import events
from marketplace.events import Actor
from marketplace.people import passwords, tokens
from marketplace.people.actions.rows import Themselves, confirm, end_sign_ins, known_by, lock_user, user_of
from marketplace.people.errors import TokenUsed
from marketplace.people.models import SignIn, User
from marketplace.people.tokens import RESET
from marketplace.people.who import Who


def start_password_reset(email: str, *, via: str = "page") -> None:
    """Have a letter sent with a link to a new password, if the address is known; the answer is always the same."""
    user = user_of(email)
    if user:
        events.record("user.reset_requested", user.id, by=Themselves(user.id, via))


def reset_password(token: str, password: str, *, via: str = "page") -> User:
    """Set the password and return whose it is. Who can read the letter owns the address: it counts as confirmed.

    Raises:
        TokenInvalid, TokenExpired, TokenUsed, WeakPassword.
    """
    user_id, content = tokens.read(RESET, token, "user")
    user = lock_user(user_id)
    if user is None or content.get("epoch") != user.session_epoch:
        raise TokenUsed
    by = Themselves(user.id, via)
    _set(user, password, by)
    end_sign_ins(SignIn.user_id == user.id)
    confirm(user, by)
    return user


def change_password(who: Who, current: str, password: str) -> Who:
    """Set another password; return the person as known by it, for the one session that goes on.

    Raises:
        Invalid: the current password is not right. WeakPassword.
    """
    user = known_by(who, current)
    _set(user, password, who)
    end_sign_ins(SignIn.user_id == user.id, SignIn.id != who.sign_in_id)
    return replace(who, epoch=user.session_epoch)


def _set(user: User, password: str, by: Actor) -> None:
    passwords.check(password, user.email)
    user.password_hash = passwords.hash_of(password)
    user.session_epoch += 1
    events.record("user.password_changed", user.id, by=by)
