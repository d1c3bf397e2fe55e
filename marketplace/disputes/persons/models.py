"""The table of questions to persons of leads."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base, Id


class Answer(StrEnum):
    """What the person says; `STOP` says nothing about the request, only that nobody may write or call again."""

    ASKED = "asked"
    NOT_ME = "not_me"
    STOP = "stop"


class PersonQuestion(Base):
    """One letter about one dispute, and what came of it. An answer never changes.

    `token`: SHA-256 of the secret in the link. `address`: keyed digest of the e-mail, as in `lead_keys`. `is_late`:
    when the answer came the dispute was over, or about another address than this one.
    """

    __tablename__ = "person_questions"
    __table_args__ = (
        CheckConstraint("answer IN ('asked', 'not_me', 'stop')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("NOT is_late OR answer IS NOT NULL", name="late"),
        CheckConstraint("expires_at > asked_at", name="life"),
        Index("ix_person_questions_address", "address", "asked_at"),
        Index("ix_person_questions_late", "answered_at", postgresql_where=text("is_late")),
    )

    id: Mapped[Id]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), unique=True)
    token: Mapped[bytes] = mapped_column(unique=True)
    address: Mapped[bytes]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False, server_default="false")
