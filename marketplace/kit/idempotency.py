"""The same request twice is done once: a record of the key, what was asked, and which row answered it.

The answer itself is never stored (it may hold a contact); it is rendered again from the row.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, session
from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import lazy_gettext as _l

KEPT = timedelta(days=30)


class IdempotencyKey(Base):
    """One key of one organisation. `detail` holds ids and codes only, for acts that answer with more than one row."""

    __tablename__ = "idempotency_keys"

    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes]
    resource_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"
    sentence = _l("This Idempotency-Key was used for another request. Take a new key for a new request.")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier request with the same key and content led to."""

    resource_id: UUID | None
    detail: dict[str, Any] | None


def digest(method: str, path: str, body: bytes) -> bytes:
    """What was asked: equal digests mean the same request."""
    return hashlib.sha256(method.encode() + b" " + path.encode() + b"\n" + body).digest()


def claim(org_id: UUID, key: str, asked: bytes) -> Earlier | None:
    """Take the key inside the act's own transaction; a parallel twin waits here until that one ends.

    Returns: None when the act is to be done now; otherwise what the earlier one made.

    Raises:
        IdempotencyConflict: the key was used for something else.
    """
    taken = session().execute(
        insert(IdempotencyKey)
        .values(org_id=org_id, key=key, asked=asked, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken.first():
        return None
    row = (
        session()
        .execute(
            select(IdempotencyKey.asked, IdempotencyKey.resource_id, IdempotencyKey.detail).where(
                IdempotencyKey.org_id == org_id, IdempotencyKey.key == key
            )
        )
        .one()
    )
    if row.asked != asked:
        raise IdempotencyConflict
    return Earlier(row.resource_id, row.detail)


def once(org_id: UUID, key: str, asked: bytes, act: Callable[[], UUID]) -> UUID:
    """Do the act, which gives the id of the row it made, or give that of what the same request made before.

    Raises:
        IdempotencyConflict: the key was used for something else.
    """
    earlier = claim(org_id, key, asked)
    if earlier and earlier.resource_id:
        return earlier.resource_id
    made = act()
    settle(org_id, key, made)
    return made


def find(org_id: UUID, key: str) -> Earlier | None:
    """What the act behind a key led to, for a page that shows it afterwards; None for a key that was never used."""
    row = session().get(IdempotencyKey, (org_id, key))
    return Earlier(row.resource_id, row.detail) if row else None


def settle(org_id: UUID, key: str, resource_id: UUID | None, detail: dict[str, Any] | None = None) -> None:
    """Write down which row the claimed key made."""
    session().execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.org_id == org_id, IdempotencyKey.key == key)
        .values(resource_id=resource_id, detail=detail)
    )


def forget_old() -> None:
    """Drop keys that nobody will send again."""
    session().execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT))
