"""The table of verdicts that fell by themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base


class By(StrEnum):
    """Why a dispute decided itself."""

    FACTS = "facts"
    SILENCE = "silence"
    TIME = "time"


class VerdictRow(Base):
    """One verdict without a person: the published rules that applied, and the facts as they were then.

    `facts` are [{evidence, found, source, uploaded, counts}]; the reasoning is worded from them for who reads it.
    `blind_review`: somebody decides the case once more without knowing this verdict; it changes no money and tells
    whether the rules are right.
    """

    __tablename__ = "dispute_verdicts"
    __table_args__ = (
        CheckConstraint("by IN ('facts', 'silence', 'time')", name="by"),
        CheckConstraint("by <> 'time' OR blind_review", name="late_is_reviewed"),
        CheckConstraint("p_fake > 0 AND p_fake < 1", name="p_fake"),
        Index("ix_dispute_verdicts_blind", "at", postgresql_where=text("blind_review")),
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    by: Mapped[str]
    outcome: Mapped[str]
    rules: Mapped[list[Any]]
    facts: Mapped[list[Any]]
    p_fake: Mapped[float]
    blind_review: Mapped[bool]
    at: Mapped[datetime]
