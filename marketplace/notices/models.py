"""Letters, from writing to sending."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import crypto
from marketplace.kit.db import Base, Id
from marketplace.people.models import User

#: the letter to the person in a disputed lead, who has no account here
TO_PERSON = "person_asked"


class LetterState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Letter(Base):
    """One letter to one address. Address and words are sealed for this row.

    `reference` names event, kind and person: a job that runs twice writes one letter.
    """

    __tablename__ = "letters"
    __table_args__ = (CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),)

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    to_address: Mapped[bytes]
    subject: Mapped[str]
    text: Mapped[bytes]
    html: Mapped[bytes]
    state: Mapped[str] = mapped_column(default=LetterState.QUEUED.value)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]


def seal_part(letter_id: UUID, part: str, plain: str) -> bytes:
    """Seal the address or the words of one letter."""
    return crypto.seal(plain.encode(), f"letters:{part}:{letter_id}")


def open_part(letter_id: UUID, part: str, sealed: bytes) -> str:
    """Open what `seal_part` made for the same letter."""
    return crypto.unseal(sealed, f"letters:{part}:{letter_id}").decode()
