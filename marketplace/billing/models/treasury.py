"""Our own money at Stripe: what goes from there to our bank, and Stripe's list of every movement beside our books."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money


class SweepState(StrEnum):
    """Where a sweep is; `treasury_rules.py` has the table of changes."""

    ASKED = "asked"
    UNKNOWN = "unknown"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    REFUSED = "refused"


#: the reason of a sweep whose row a restore has lost
LOST = "Found at Stripe after a restore."


class Sweep(Base):
    """What is our own at Stripe, on its way to our own bank. `stripe_id` is Stripe's payout."""

    __tablename__ = "sweeps"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("state IN ('asked', 'unknown', 'sent', 'paid', 'failed', 'refused')", name="state"),
        Index(
            "uq_sweeps_one_open",
            "currency",
            unique=True,
            postgresql_where=text("state IN ('asked', 'unknown')"),
        ),
    )

    id: Mapped[Id]
    asked_by: Mapped[UUID]
    reason: Mapped[str]
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    state: Mapped[str]
    why: Mapped[str | None]
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)


class BalanceLine(Base):
    """One movement of our balance as Stripe lists it (a balance transaction): matched with the entry `txn:<id>`."""

    __tablename__ = "balance_lines"
    __table_args__ = (Index("ix_balance_lines_currency_at", "currency", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    net_cents: Mapped[Cents]
    fee_cents: Mapped[Cents]
    currency: Mapped[str]
    at: Mapped[datetime]

    @property
    def net(self) -> Money:
        """What it changed our balance by."""
        return Money(self.net_cents, self.currency)


class BalanceReading(Base):
    """What Stripe said last that we have in one currency, and what its movements up to that moment come to.

    `available_cents` is what Stripe would send on that day; every movement up to `reached_at` has been read.
    """

    __tablename__ = "balance_readings"

    currency: Mapped[str] = mapped_column(primary_key=True)
    at_stripe_cents: Mapped[Cents]
    available_cents: Mapped[Cents]
    of_lines_cents: Mapped[Cents]
    reached_at: Mapped[datetime]
    read_at: Mapped[datetime]
