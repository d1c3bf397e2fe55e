"""A person's passkeys."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.people.models import Passkey
from marketplace.people.who import Who


def passkeys_for(who: Who) -> Sequence[Passkey]:
    """One's own, oldest first, without those that were removed."""
    return standing_passkeys(who.user_id)


def standing_passkeys(user_id: UUID) -> Sequence[Passkey]:
    """The same of a person whom a letter is for, or who is about to make one."""
    mine = select(Passkey).where(Passkey.user_id == user_id, Passkey.removed_at.is_(None))
    return session().scalars(mine.order_by(Passkey.created_at, Passkey.id)).all()


def passkey(passkey_id: UUID) -> Passkey:
    """The passkey that a letter tells of, removed or not."""
    return session().get_one(Passkey, passkey_id)
