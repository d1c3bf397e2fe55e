"""Codes of the second factor: an app's, and the recovery codes that stand in for it. Each is taken once."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update

from marketplace import events
from marketplace.events import Actor
from marketplace.kit import clock, crypto
from marketplace.kit.db import session
from marketplace.people import totp
from marketplace.people.errors import SecondFactorIsOff, WrongCode
from marketplace.people.models import Authenticator, Proof, RecoveryCode, User

MOST = 10
#: without those that are easily taken for another: 31 signs, ten of which are 49 bits
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


def app_of(user_id: UUID) -> Authenticator | None:
    """The person's app as it is now."""
    return session().get(Authenticator, user_id, populate_existing=True)


def use(user: User, code: str, by: Actor) -> Proof:
    """Take a code as proof. The person is locked: of two acts with one code the second finds it used.

    Raises:
        SecondFactorIsOff, WrongCode.
    """
    app = app_of(user.id)
    if app is None:
        raise SecondFactorIsOff
    plain = _plain(code)
    if not totp.is_code(plain):
        _use_recovery_code(user.id, plain, by)
        return Proof.RECOVERY_CODE
    step = totp.step_of(unseal(user.id, app.secret), plain, clock.outside(), app.last_step)
    if step is None:
        raise WrongCode
    app.last_step = step
    return Proof.APP


def make_anew(user_id: UUID) -> Sequence[str]:
    """Ten recovery codes in place of all there were, as their person writes them down; nobody can read them again."""
    drop(user_id)
    made = ["".join(secrets.choice(_SIGNS) for _sign in range(2 * _HALF)) for _code in range(MOST)]
    now = clock.now()
    session().add_all(RecoveryCode(user_id=user_id, code_hash=_hash(user_id, each), created_at=now) for each in made)
    session().flush()
    return [f"{each[:_HALF]}-{each[_HALF:]}" for each in made]


def drop(user_id: UUID) -> None:
    """End all recovery codes of a person."""
    session().execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def seal(user_id: UUID, secret: str) -> bytes:
    """The secret of a person's app, as it is kept."""
    return crypto.seal(secret.encode(), _place(user_id))


def unseal(user_id: UUID, sealed: bytes) -> str:
    """The secret that `seal` was given. Raises Unreadable."""
    return crypto.unseal(sealed, _place(user_id)).decode()


def _use_recovery_code(user_id: UUID, plain: str, by: Actor) -> None:
    mine = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    this = update(RecoveryCode).where(*mine, RecoveryCode.code_hash == _hash(user_id, plain))
    if session().scalar(this.values(used_at=clock.now()).returning(RecoveryCode.id)) is None:
        raise WrongCode
    left = session().scalars(select(func.count()).where(*mine)).one()
    events.record("recovery_code.used", user_id, by=by, left=left)


def _plain(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(user_id: UUID, plain: str) -> bytes:
    return crypto.blind_index("recovery code", f"{user_id}:{plain}")


def _place(user_id: UUID) -> str:
    return f"authenticators:secret:{user_id}"
