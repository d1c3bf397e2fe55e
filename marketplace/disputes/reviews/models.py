"""The table of second looks at decided disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base


class BlindReview(Base):
    """A decision that was drawn, as it was made; then what another reviewer makes of the case without knowing it.

    `first_by` is None where a rule or a clock decided. Percents are shares of the price that go back.
    """

    __tablename__ = "blind_reviews"
    __table_args__ = (
        CheckConstraint("first_percent IN (0, 25, 50, 100) AND percent IN (0, 25, 50, 100)", name="percent"),
        CheckConstraint("decided_by <> first_by", name="another_reviewer"),
        CheckConstraint(
            "(decided_at IS NULL) = (percent IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)", name="decided"
        ),
        Index("ix_blind_reviews_waiting", "drawn_at", postgresql_where=text("decided_at IS NULL")),
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    first_by: Mapped[UUID | None]
    first_percent: Mapped[int]
    drawn_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    percent: Mapped[int | None]
    reasoning: Mapped[str | None]
