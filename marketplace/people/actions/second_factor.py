"""An authenticator app as a second factor: set up with a first code, turned off with a last one.

Each change asks for the password again: whoever finds a browser signed in changes nothing.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from marketplace import events
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.people import tokens, totp
from marketplace.people.actions import codes
from marketplace.people.actions.passkeys import end_challenges
from marketplace.people.actions.rows import known_by, lock_user, user_of
from marketplace.people.errors import SecondFactorIsOff, SecondFactorIsOn, TokenUsed, WrongCode
from marketplace.people.models import Authenticator
from marketplace.people.rules import Power
from marketplace.people.tokens import SET_UP
from marketplace.people.who import Who


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an app is given: its secret, the same as an address for a picture, and a token that comes back with a code.

    Nothing of it is kept before a code shows that the app has it.
    """

    secret: str = field(repr=False)
    address: str = field(repr=False)
    token: str = field(repr=False)


def begin_set_up(who: Who, password: str) -> SetUp:
    """A new secret for the person's app.

    Raises:
        Invalid: not the person's password. SecondFactorIsOn.
    """
    user = known_by(who, password)
    if codes.app_of(user.id):
        raise SecondFactorIsOn
    sealed = base64.b64encode(codes.seal(user.id, totp.new_secret())).decode()
    return set_up_of(who, tokens.set_up(user, sealed))


def set_up_of(who: Who, token: str) -> SetUp:
    """The same once more, from the token that the person was given.

    Raises:
        TokenInvalid, TokenExpired, TokenUsed: another person's, or the password is another one by now.
    """
    user_id, content = tokens.read(SET_UP, token, "user")
    user = lock_user(user_id)
    if user is None or user.id != who.user_id or content.get("epoch") != user.session_epoch:
        raise TokenUsed
    secret = codes.unseal(user.id, base64.b64decode(content["sealed"]))
    return SetUp(secret, totp.address_of(secret, user.email), token)


def turn_on(who: Who, token: str, code: str) -> Sequence[str]:
    """From now on a code is asked for: -> the recovery codes, shown this once.

    Raises:
        SecondFactorIsOn: so it says to a second click. WrongCode, TokenInvalid, TokenExpired, TokenUsed.
    """
    secret = set_up_of(who, token).secret
    if codes.app_of(who.user_id):
        raise SecondFactorIsOn
    plain = "".join(code.split())
    step = totp.step_of(secret, plain, clock.outside()) if totp.is_code(plain) else None
    if step is None:
        raise WrongCode
    sealed = codes.seal(who.user_id, secret)
    session().add(Authenticator(user_id=who.user_id, secret=sealed, last_step=step, created_at=clock.now()))
    end_challenges(who.user_id)  # whoever has one was asked for no code
    events.record("second_factor.turned_on", who.user_id, by=who)
    return codes.make_anew(who.user_id)


def turn_off(who: Who, password: str, code: str) -> None:
    """The password alone signs in again; recovery codes end. A second time changes nothing.

    Raises:
        Invalid: not the person's password. WrongCode.
    """
    user = known_by(who, password)
    app = codes.app_of(user.id)
    if app:
        codes.use(user, code, who)
        _remove(app, who)


def make_recovery_codes(who: Who, password: str, code: str) -> Sequence[str]:
    """Ten new recovery codes, shown this once; all of before end.

    Raises:
        Invalid: not the person's password. SecondFactorIsOff, WrongCode.
    """
    user = known_by(who, password)
    codes.use(user, code, who)
    events.record("recovery_codes.made", user.id, by=who)
    return codes.make_anew(user.id)


def turn_off_for(who: Who, email: str) -> None:
    """Staff turn off the app of somebody who has lost it with all recovery codes; they have found out who asks.

    Raises:
        Forbidden, NotFound, SecondFactorIsOff.
    """
    who.need(Power.ORGANISATIONS_VERIFY)
    known = user_of(email)
    user = lock_user(known.id) if known else None
    if user is None:
        raise NotFound
    app = codes.app_of(user.id)
    if app is None:
        raise SecondFactorIsOff
    _remove(app, who)


def _remove(app: Authenticator, by: Who) -> None:
    codes.drop(app.user_id)
    session().delete(app)
    events.record("second_factor.turned_off", app.user_id, by=by)
