"""What we asked of Stripe, and what Stripe told us."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id


class CallState(StrEnum):
    """`intended`: not made yet, or not heard of; `unknown`: made, and its outcome is not known."""

    INTENDED = "intended"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


class StripeCall(Base):
    """One thing that Stripe is to do: stored before it is asked, settled after it answered.

    `key` is the idempotency key and names the business fact; `kind` is one of `calls.CALLS`, `subject_id` the row that
    the call is about.
    """

    __tablename__ = "stripe_calls"
    __table_args__ = (
        CheckConstraint("state IN ('intended', 'unknown', 'done', 'refused')", name="state"),
        Index("ix_stripe_calls_due", "next_at", postgresql_where=text("state IN ('intended', 'unknown')")),
        Index("ix_stripe_calls_subject_id", "subject_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=CallState.INTENDED)
    tries: Mapped[int] = mapped_column(default=0)
    why: Mapped[str | None]
    created_at: Mapped[datetime]
    first_tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class StripeEvent(Base):
    """News as Stripe sent it, signature checked: stored first, answered, then handled by a worker.

    Only what happened to which object is kept, and whose it is when it is a connected account's. After several failures
    it is a dead letter (`dead_at`) for staff.
    """

    __tablename__ = "stripe_events"
    __table_args__ = (
        Index("ix_stripe_events_open", "received_at", postgresql_where=text("handled_at IS NULL AND dead_at IS NULL")),
        Index("ix_stripe_events_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: Mapped[Id]
    stripe_id: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    object_id: Mapped[str]
    account_id: Mapped[str | None]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    why: Mapped[str | None]
    dead_at: Mapped[datetime | None]
