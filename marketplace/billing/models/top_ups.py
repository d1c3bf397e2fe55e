"""Top-ups of wallets."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models.cards import SavedCard
from marketplace.billing.models.recharges import Recharge
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class TopUpState(StrEnum):
    """Where a top-up is; `rules.py` has the table of changes."""

    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    FAILED = "failed"


#: the payer or the bank has not decided yet
OPEN = (TopUpState.CREATED, TopUpState.REQUIRES_ACTION, TopUpState.PROCESSING)
#: the money is, or was, in the wallet
PAID = (TopUpState.SUCCEEDED, TopUpState.PARTLY_REFUNDED, TopUpState.REFUNDED)

_STATES = ", ".join(f"'{state}'" for state in TopUpState)
#: a paid top-up's state says how much of it has gone back to its card, or is on its way there
_REFUNDS = (
    "refunded_cents = CASE state WHEN 'refunded' THEN amount_cents"
    " WHEN 'partly_refunded' THEN refunded_cents ELSE 0 END"
    " AND refunded_cents BETWEEN 0 AND amount_cents"
    " AND (state <> 'partly_refunded' OR refunded_cents BETWEEN 1 AND amount_cents - 1)"
)


class TopUp(Base):
    """Money on its way from a card into a wallet.

    `failure` is Stripe's word for why the last attempt did not succeed. Of the card only brand and last digits are
    kept, and a keyed digest that is equal for equal cards. `is_for_purchase` says that somebody else knows what the
    money is wanted for: another wish for the same amount is another top-up.
    `recharge_id`: the wallet filled itself from the saved card `card_id`, without a page; at most one of these is open
    for a wallet.
    """

    __tablename__ = "top_ups"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(_REFUNDS, name="refunded"),
        Index("ix_top_ups_org_id_id", "org_id", "id"),
        Index(
            "ix_top_ups_open",
            "created_at",
            postgresql_where=text("state IN ('created', 'requires_action', 'processing')"),
        ),
        Index(
            "ix_top_ups_unsettled",
            "credited_at",
            postgresql_where=text("credited_at IS NOT NULL AND settled_at IS NULL"),
        ),
        Index("ix_top_ups_card_fingerprint", "card_fingerprint"),
        CheckConstraint("(recharge_id IS NULL) = (card_id IS NULL)", name="recharge"),
        Index(
            "uq_top_ups_one_open_recharge",
            "recharge_id",
            unique=True,
            postgresql_where=text("state IN ('created', 'requires_action', 'processing')"),
        ),
        Index("ix_top_ups_recharge_id_id", "recharge_id", "id", postgresql_where=text("recharge_id IS NOT NULL")),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    needs_3ds: Mapped[bool]
    is_for_purchase: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    recharge_id: Mapped[UUID | None] = mapped_column(ForeignKey(Recharge.id))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey(SavedCard.id))
    session_id: Mapped[str | None] = mapped_column(unique=True)
    checkout_url: Mapped[str | None]
    payment_intent_id: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    card_brand: Mapped[str | None]
    card_last4: Mapped[str | None]
    card_fingerprint: Mapped[bytes | None]
    refunded_cents: Mapped[Cents] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    credited_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_paid(self) -> bool:
        return self.state in PAID

    @property
    def unrefunded(self) -> Money:
        """What has not gone back to the card, nor is on its way there."""
        return Money(self.amount_cents - self.refunded_cents, self.currency)
