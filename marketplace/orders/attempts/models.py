"""The table of tries to reach a person; rows never change."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.orders.models import Order


class Result(StrEnum):
    """How a try went."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    NOT_IN_SERVICE = "not_in_service"
    SPOKE = "spoke"


_RESULTS = ", ".join(f"'{result}'" for result in Result)


class CallAttempt(Base):
    """One call; `via` is `page` (typed by hand) or `api` (sent by the buyer's own system)."""

    __tablename__ = "call_attempts"
    __table_args__ = (
        UniqueConstraint("order_id", "at"),
        CheckConstraint(f"result IN ({_RESULTS})", name="result"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    at: Mapped[datetime]
    result: Mapped[str]
    logged_at: Mapped[datetime]
    logged_by: Mapped[UUID | None]
    via: Mapped[str]
