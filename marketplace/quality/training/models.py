"""Tables of training: when it is due, and what each run came to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.quality.scores.models import ScoreModel


class Why(StrEnum):
    """What a run came to."""

    PROMOTED = "promoted"
    TOO_FEW = "too_few"  # fewer decided outcomes than a probability needs, or hardly any of one kind
    NO_SIGNAL = "no_signal"
    SLOPE = "slope"  # too bold, too timid, or the wrong way round
    NOT_BETTER = "not_better"  # the serving version is surprised less by the newest outcomes


class TrainingDue(Base):
    """When the models are to be learned anew; one row. A worker that dies in between finds it due again in an hour."""

    __tablename__ = "training_due"
    __table_args__ = (CheckConstraint("is_only", name="is_only"),)

    is_only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    at: Mapped[datetime]


class TrainingRun(Base):
    """One attempt to learn one model: from how much, with which figures, and whether it took over. Rows never change.

    `outcomes` were decided, `positive` of them faults or sales. `measures` are the candidate's on the newest outcomes,
    `before` those of the version that served until then, on the same ones. `notes`: the columns that it does not use,
    and the values that stand out among high scores that did not buy.
    """

    __tablename__ = "training_runs"
    __table_args__ = (
        CheckConstraint("kind IN ('fraud', 'convert')", name="kind"),
        CheckConstraint("why IN ('promoted', 'too_few', 'no_signal', 'slope', 'not_better')", name="why"),
        CheckConstraint(
            "(why = 'too_few') = (model_id IS NULL) AND (model_id IS NULL) = (measures IS NULL)", name="learned"
        ),
        CheckConstraint("positive BETWEEN 0 AND outcomes", name="outcomes"),
        Index("ix_training_runs_kind_vertical_id", "kind", "vertical", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    vertical: Mapped[str | None]
    began_at: Mapped[datetime]
    took_ms: Mapped[int]
    outcomes: Mapped[int]
    positive: Mapped[int]
    why: Mapped[str]
    measures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    notes: Mapped[dict[str, Any]]
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey(ScoreModel.id))
