"""What staff want booked by hand, and the second person who agrees."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import User


class ProposalState(StrEnum):
    """An open one waits for a second person; the others are ends."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """An act on money that nobody does alone beyond a small amount.

    `kind` is one of `proposals.acts()`, `subject_id` what it is about (an organisation, an order, an entry), `org_ids`
    whom it concerns, `data` what else the kind needs: ids, codes, numbers. `decided_by` is empty where one person was
    enough.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("state IN ('open', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("state = 'withdrawn' OR decided_by <> proposed_by", name="second_person"),
        CheckConstraint(
            "state <> 'approved' OR decided_by IS NOT NULL"
            " OR kind IN ('goodwill', 'promo_grant') AND amount_cents <= 10000",
            name="alone",
        ),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        Index("ix_proposals_state_id", "state", "id"),
        Index("uq_proposals_one_open", "kind", "subject_id", unique=True, postgresql_where=text("state = 'open'")),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    org_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    data: Mapped[dict[str, Any]]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=ProposalState.OPEN)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    decided_reason: Mapped[str] = mapped_column(default="")

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)
