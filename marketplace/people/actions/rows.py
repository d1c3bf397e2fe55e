"""The few writes that several verbs share."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.events import Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid, NotFound
from marketplace.kit.i18n import gettext as _
from marketplace.people import passwords
from marketplace.people.errors import WrongPassword
from marketplace.people.models import Membership, SignIn, User
from marketplace.people.who import Who


@dataclass(frozen=True, slots=True)
class Themselves:
    """A person who acts before, or without, acting for an organisation."""

    user_id: UUID
    via: str = "page"


def add_user(email: str, name: str, password_hash: str, locale: str) -> User | None:
    """A new person, not yet confirmed; None when the address is known, also to a parallel transaction."""
    added = session().scalars(
        insert(User)
        .values(email=email, name=name, password_hash=password_hash, locale=locale, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=[User.email])
        .returning(User)
    )
    return added.one_or_none()


def add_member(user_id: UUID, org_id: UUID, role: str, by: Actor) -> None:
    """Put the person into the organisation and write it down."""
    row = Membership(user_id=user_id, org_id=org_id, role=role, created_at=clock.now())
    session().add(row)
    session().flush()
    events.record("member.joined", row.id, by=by, orgs=[org_id], user_id=str(user_id), role=role)


def confirm(user: User, by: Actor) -> None:
    """The person has proved that the address is theirs; a second time changes nothing."""
    if user.email_confirmed_at is None:
        user.email_confirmed_at = clock.now()
        events.record("user.confirmed", user.id, by=by)


def user_of(email: str) -> User | None:
    """The person with this address."""
    return session().scalars(select(User).where(User.email == email)).one_or_none()


def lock_user(user_id: UUID) -> User | None:
    """The person as they are now; nobody else changes them until this transaction ends."""
    mine = select(User).where(User.id == user_id).with_for_update(key_share=True)
    return session().scalars(mine, execution_options={"populate_existing": True}).one_or_none()


def known_by(who: Who, password: str) -> User:
    """Somebody who is signed in gives the password again: -> the person, locked.

    Raises:
        Invalid: it is not theirs.
    """
    user = lock_user(who.user_id)
    if user is None:
        raise NotFound
    if not passwords.is_right(user.password_hash, password):
        raise Invalid(fields={"current": _("This is not your password.")})
    return user


def end_sign_ins(*which: ColumnElement[bool]) -> list[UUID]:
    """End those of these sign-ins that have not ended: -> their ids."""
    ended = update(SignIn).where(*which, SignIn.ended_at.is_(None)).values(ended_at=clock.now()).returning(SignIn.id)
    return list(session().scalars(ended))


def proved(user: User | None, password: str) -> User:
    """The person whose password this is, locked. Nobody (None) takes as long as a wrong password.

    To look at it takes a while: a password that was changed meanwhile is not theirs any more.

    Raises:
        WrongPassword.
    """
    if not passwords.is_right(user.password_hash if user else None, password) or user is None:
        raise WrongPassword
    seen = user.session_epoch
    today = lock_user(user.id)
    if today is None or today.session_epoch != seen:
        raise WrongPassword
    return today
