"""The signed tokens in letters, which die by being used, in browsers and forms: who may do what until when."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from marketplace.kit import clock
from marketplace.kit.own import Given
from marketplace.people.errors import TokenExpired, TokenInvalid
from marketplace.people.models import Invitation, User


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a token is for; one of another purpose never passes."""

    salt: str
    life: timedelta


CONFIRM = Purpose("confirm an address", timedelta(days=3))
RESET = Purpose("set a new password", timedelta(hours=2))
JOIN = Purpose("join an organisation", timedelta(days=7))
HALF_WAY = Purpose("finish signing in with a code", timedelta(minutes=10))
SET_UP = Purpose("set up an authenticator app", timedelta(minutes=30))
BROWSER = Purpose("a browser that its person has signed in with", timedelta(days=365))


class _Clocked(TimestampSigner):
    """Ages by the product's clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


_SECRET: Given[str] = Given("secret of tokens")


def configure(secret_key: str) -> None:
    """Say, at the application's start, with what its tokens are signed."""
    _SECRET.set(secret_key)


def confirmation(user: User) -> str:
    """Confirms the address that the person has now."""
    return _sign(CONFIRM, {"user": str(user.id), "address": address_mark(user.email)})


def reset(user: User) -> str:
    """Lets the holder set a password once: the epoch grows with each new password."""
    return _sign(RESET, {"user": str(user.id), "epoch": user.session_epoch})


def browser(user_id: UUID, epoch: int) -> str:
    """Tells a browser of this person from any other until the password is another one than that of the epoch."""
    return _sign(BROWSER, {"user": str(user_id), "epoch": epoch})


def half_way(user: User) -> str:
    """Lets the holder, who knows the password of today, finish signing in with a code."""
    return _sign(HALF_WAY, {"user": str(user.id), "epoch": user.session_epoch})


def set_up(user: User, sealed: str) -> str:
    """Lets the person, who has just given the password of today, turn on the app that got this sealed secret."""
    return _sign(SET_UP, {"user": str(user.id), "epoch": user.session_epoch, "sealed": sealed})


def invitation(row: Invitation) -> str:
    """Lets the holder join; the row says whether it was used or withdrawn."""
    return _sign(JOIN, {"invitation": str(row.id)})


def read(purpose: Purpose, token: str, name: str) -> tuple[UUID, dict[str, Any]]:
    """The id under `name` and the whole content of a token.

    Raises:
        TokenInvalid, TokenExpired.
    """
    try:
        content = _serializer(purpose).loads(token, max_age=int(purpose.life.total_seconds()))
        return UUID(content[name]), content
    except SignatureExpired as error:
        raise TokenExpired from error
    except (BadSignature, KeyError, TypeError, ValueError) as error:
        raise TokenInvalid from error


def made_at(purpose: Purpose, token: str) -> datetime | None:
    """When a token was made; None for one that is not ours."""
    try:
        _content, moment = _serializer(purpose).loads(token, return_timestamp=True)
    except BadSignature:
        return None
    return cast("datetime", moment)


def address_mark(email: str) -> str:
    """Tells one address from another without showing it."""
    return hmac.new(_SECRET.get().encode(), email.encode(), hashlib.sha256).hexdigest()[:16]


def _sign(purpose: Purpose, content: dict[str, Any]) -> str:
    return str(_serializer(purpose).dumps(content))


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        _SECRET.get(),
        salt=purpose.salt,
        signer=_Clocked,
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
