"""Top-ups of wallets."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class TopUpState(StrEnum):
    """Where a top-up is; `rules.py` has the table of changes."""

    CREATED = "created"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    EXPIRED = "expired"
    FAILED = "failed"


class TopUp(Base):
    """Money on its way from a card into a wallet."""

    __tablename__ = "top_ups"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("state IN ('created', 'processing', 'succeeded', 'expired', 'failed')", name="state"),
        Index("ix_top_ups_org_id_id", "org_id", "id"),
        Index("ix_top_ups_open", "created_at", postgresql_where=text("state IN ('created', 'processing')")),
        Index(
            "ix_top_ups_unsettled", "credited_at", postgresql_where=text("state = 'succeeded' AND settled_at IS NULL")
        ),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    needs_3ds: Mapped[bool]
    session_id: Mapped[str | None] = mapped_column(unique=True)
    checkout_url: Mapped[str | None]
    payment_intent_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    credited_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)
