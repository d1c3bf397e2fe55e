"""Money on its way from a wallet back to the card that it came from."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models.top_ups import TopUp
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class CardRefundState(StrEnum):
    """`failed`: it never left; `bounced`: it left and the bank sent it back. Both end in the wallet again."""

    ASKED = "asked"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BOUNCED = "bounced"


#: something of it is not booked yet
_OPEN = "state <> 'failed' AND (settled_at IS NULL OR state = 'bounced' AND returned_at IS NULL)"


class CardRefund(Base):
    """Unspent money of one top-up that goes back to its card.

    `wish_id` is common to the parts of one wish, which may reach back over several top-ups. `sent_at`: Stripe has
    taken the money out of our balance; `settled_at`, `returned_at`: Stripe's accounts of that, and of its coming back,
    are booked.
    """

    __tablename__ = "card_refunds"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("state IN ('asked', 'pending', 'succeeded', 'failed', 'bounced')", name="state"),
        Index("ix_card_refunds_org_id_id", "org_id", "id"),
        Index("ix_card_refunds_top_up_id", "top_up_id"),
        Index("ix_card_refunds_wish_id", "wish_id"),
        Index("ix_card_refunds_open", "asked_at", postgresql_where=text(_OPEN)),
    )

    id: Mapped[Id]
    wish_id: Mapped[UUID]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    top_up_id: Mapped[UUID] = mapped_column(ForeignKey(TopUp.id))
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    refund_id: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)
