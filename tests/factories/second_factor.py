"""Authenticator apps on people's phones."""

from dataclasses import dataclass

import pyotp
from sqlalchemy import update

from marketplace.kit.db import session, transaction
from marketplace.people import actions
from marketplace.people.models import Authenticator
from tests.factories.people import PASSWORD, Person


@dataclass(frozen=True)
class Phone:
    """Whose app it is, what the app was given, and the recovery codes that came with it."""

    person: Person
    secret: str
    recovery_codes: list[str]

    def code(self) -> str:
        """What the app shows, half a minute and more after the last code that was used."""
        with transaction():
            mine = Authenticator.user_id == self.person.who.user_id
            session().execute(update(Authenticator).where(mine).values(last_step=0))
        return shown_by(self.secret)


def make_phone(person: Person) -> Phone:
    """Somebody has set up an app, as on the page."""
    with transaction():
        begun = actions.begin_set_up(person.who, PASSWORD)
    with transaction():
        made = actions.turn_on(person.who, begun.token, shown_by(begun.secret))
    return Phone(person, begun.secret, list(made))


def shown_by(secret: str) -> str:
    """What an app with this secret shows now."""
    return pyotp.TOTP(secret).now()
