"""Where agencies are paid to, and each payout on its way there."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit import clock
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class AccountState(StrEnum):
    """How an agency's account at Stripe stands; `payout_rules.py` derives it from what Stripe says."""

    NEW = "new"  # wanted, not made at Stripe yet
    ONBOARDING = "onboarding"  # its owner has still to tell something
    CHECKING = "checking"  # Stripe looks at it
    READY = "ready"
    RESTRICTED = "restricted"  # it was ready, or could be, and Stripe has stopped it
    CLOSED = "closed"


class Hold(StrEnum):
    """Why no payout goes to an account that Stripe is content with."""

    BANK_CHANGED = "bank_changed"
    BY_STAFF = "by_staff"


class PayoutState(StrEnum):
    """Where a payout is; `payout_rules.py` has the table of changes."""

    REQUESTED = "requested"
    RESERVED = "reserved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


class PayoutAccount(Base):
    """An agency's account at Stripe, as Stripe described it last.

    `needs` is what Stripe still wants, in its own words for machines, each with who has to act. Of the bank only the
    last digits and a digest are kept: the digest tells that it has changed. `ready_at` is when it was ready first.
    """

    __tablename__ = "payout_accounts"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'onboarding', 'checking', 'ready', 'restricted', 'closed')", name="state"),
        CheckConstraint("hold IN ('bank_changed', 'by_staff')", name="hold"),
        CheckConstraint("(hold IS NULL) = (held_at IS NULL)", name="held_since"),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), unique=True)
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    country: Mapped[str]
    state: Mapped[str] = mapped_column(default=AccountState.NEW)
    transfers: Mapped[str | None]
    payouts: Mapped[str | None]
    needs: Mapped[list[Any]]
    bank_name: Mapped[str | None]
    bank_last4: Mapped[str | None]
    bank_digest: Mapped[bytes | None]
    bank_since: Mapped[datetime | None]
    hold: Mapped[str | None]
    hold_reason: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]

    @property
    def is_held(self) -> bool:
        """Whether payouts wait although Stripe would take them."""
        return self.hold is not None and (self.held_until is None or self.held_until > clock.now())


class Payout(Base):
    """Earnings on their way to an agency: reserved, transferred to its account at Stripe, paid to its bank.

    `account_id` is the account at Stripe that it was asked for; `arrival_id` names the transfer on that account, so
    that the bank's payout it goes out with can be told. `why`: why it was not made, or why a bank sent it back.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("amount_cents > 0 AND returned_cents BETWEEN 0 AND amount_cents", name="amount"),
        CheckConstraint(
            "state IN ('requested', 'reserved', 'sending', 'unknown', 'sent', 'paid', 'failed', 'canceled')",
            name="state",
        ),
        Index("ix_payouts_org_id_id", "org_id", "id"),
        Index("ix_payouts_arrival_id", "arrival_id"),
        Index("ix_payouts_bank_payout_id", "bank_payout_id"),
        Index(
            "uq_payouts_one_open",
            "org_id",
            "currency",
            unique=True,
            postgresql_where=text("state IN ('requested', 'reserved', 'sending', 'unknown')"),
        ),
        Index(
            "ix_payouts_under_way",
            "created_at",
            postgresql_where=text("state IN ('requested', 'reserved', 'sending', 'unknown', 'sent')"),
        ),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    asked_by: Mapped[UUID | None]
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    why: Mapped[str | None]
    account_id: Mapped[str]
    bank_last4: Mapped[str | None]
    transfers: Mapped[int] = mapped_column(default=0)  # how often Stripe was asked anew to send it
    takings: Mapped[int] = mapped_column(default=0)  # how often Stripe was asked anew to take it back
    transfer_id: Mapped[str | None] = mapped_column(unique=True)
    arrival_id: Mapped[str | None]
    bank_payout_id: Mapped[str | None]
    bank_payout_at: Mapped[datetime | None]
    returned_cents: Mapped[Cents] = mapped_column(default=0)
    created_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)

    @property
    def returned(self) -> Money:
        """What came back of it to the agency's balance."""
        return Money(self.returned_cents, self.currency)


#: states in which the money stands on the payout's own account in the ledger
RESERVED = (PayoutState.RESERVED, PayoutState.SENDING, PayoutState.UNKNOWN)
