"""The table of deposits that stand behind disputes; the money itself is in the ledger, on the dispute's own account."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base, Cents
from marketplace.kit.money import Money


class DepositState(StrEnum):
    """Where the money is."""

    HELD = "held"
    RETURNED = "returned"
    FORFEITED = "forfeited"


class DisputeDeposit(Base):
    """What a buyer left with a dispute."""

    __tablename__ = "dispute_deposits"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'returned', 'forfeited') AND cents > 0", name="state"),
        CheckConstraint("(state = 'held') = (settled_at IS NULL)", name="settled"),
        Index("ix_dispute_deposits_held", "dispute_id", postgresql_where=text("state = 'held'")),
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    taken_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.cents, self.currency)
