"""The table of corrections: what an agency says that a field of a contact should have been."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base, Id


class CorrectionState(StrEnum):
    """Where an offer is; `rules.py` has the table of changes."""

    OFFERED = "offered"
    TRIED = "tried"
    ACCEPTED = "accepted"
    FAILED = "failed"
    LAPSED = "lapsed"


class Correction(Base):
    """An offer, one for each dispute. `sealed` holds the value until the offer has ended; a number that failed stays
    until we have asked about its line.

    `until`: the time in which the buyer is expected to do the next thing.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'tried', 'accepted', 'failed', 'lapsed')", name="state"),
        CheckConstraint("field IN ('phone', 'email', 'first_name', 'last_name', 'full_name')", name="field"),
        CheckConstraint(
            "CASE WHEN state IN ('offered', 'tried') THEN sealed IS NOT NULL"
            " ELSE sealed IS NULL OR state = 'failed' AND field = 'phone' END",
            name="sealed",
        ),
        CheckConstraint("(state IN ('offered', 'tried')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state NOT IN ('tried', 'accepted', 'failed') OR tried_at IS NOT NULL", name="tried"),
        Index("ix_corrections_open", "until", postgresql_where=text("state IN ('offered', 'tried')")),
        Index("ix_corrections_left", "dispute_id", postgresql_where=text("state = 'failed' AND sealed IS NOT NULL")),
    )

    id: Mapped[Id]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), unique=True)
    field: Mapped[str]
    state: Mapped[str]
    sealed: Mapped[bytes | None]
    offered_by: Mapped[UUID]
    offered_at: Mapped[datetime]
    until: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def has_failed_in(self, field: str) -> bool:
        """Whether the buyer has tried another value of this field, which did not work either."""
        return self.state == CorrectionState.FAILED and self.field == field

    @property
    def is_open(self) -> bool:
        return self.state in (CorrectionState.OFFERED, CorrectionState.TRIED)
