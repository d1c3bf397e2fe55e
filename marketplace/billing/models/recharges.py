"""Wallets that fill themselves."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models.cards import SavedCard
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class Pause(StrEnum):
    """Why a wallet does not fill itself until its owner has done something."""

    DECLINED = "declined"  # four times, one after the other
    AUTHENTICATION = "authentication"  # the bank wants to see the card's owner
    CARD_REMOVED = "card_removed"
    CHARGEBACK = "chargeback"  # the owner of a card took a payment back, and the bank agreed


class Recharge(Base):
    """A wallet that is to fill itself: when it falls below an amount, with how much, from which card.

    `declines` counts the charges that failed one after the other; before `next_at` no other is tried: it is set when
    a charge is claimed and stays when that fails.
    """

    __tablename__ = "recharges"
    __table_args__ = (
        CheckConstraint("below_cents > 0 AND amount_cents > 0", name="amounts"),
        CheckConstraint(
            "pause IN ('declined', 'authentication', 'card_removed', 'chargeback')",
            name="pause",
        ),
        CheckConstraint("(pause IS NULL) = (paused_at IS NULL)", name="paused_since"),
        Index("uq_recharges_org_id_currency", "org_id", "currency", unique=True),
        Index("ix_recharges_card_id", "card_id"),
        Index("ix_recharges_active", "id", postgresql_where=text("is_on AND pause IS NULL")),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    currency: Mapped[str]
    is_on: Mapped[bool]
    below_cents: Mapped[Cents]
    amount_cents: Mapped[Cents]
    card_id: Mapped[UUID] = mapped_column(ForeignKey(SavedCard.id))
    declines: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    pause: Mapped[str | None]
    paused_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    @property
    def below(self) -> Money:
        return Money(self.below_cents, self.currency)

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)
