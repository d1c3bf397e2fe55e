"""Tables of scores: the versions of the models, and what each lead was given."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.leads.models import Lead


class Kind(StrEnum):
    """What a model tells: how likely a lead is invented, or how likely it buys."""

    FRAUD = "fraud"
    CONVERT = "convert"


class ModelState(StrEnum):
    """`rules.py` says what each may become."""

    CANDIDATE = "candidate"
    SERVING = "serving"
    RETIRED = "retired"


class ScoreModel(Base):
    """One version of a model. Its coefficients never change: a score refers to the version that gave it.

    `vertical` is the trade it was learned from, or NULL for all. `trained_on` counts the outcomes that it has seen;
    `measures` are its figures on the newest ones, which it had not seen.
    """

    __tablename__ = "score_models"
    __table_args__ = (
        CheckConstraint("kind IN ('fraud', 'convert')", name="kind"),
        CheckConstraint("state IN ('candidate', 'serving', 'retired')", name="state"),
        UniqueConstraint("kind", "vertical", "version", postgresql_nulls_not_distinct=True),
        Index(
            "uq_score_models_serving",
            "kind",
            "vertical",
            unique=True,
            postgresql_where=text("state = 'serving'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    vertical: Mapped[str | None]
    version: Mapped[str]
    coefficients: Mapped[dict[str, Any]]
    trained_at: Mapped[datetime]
    trained_on: Mapped[int]
    measures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str]


class LeadScore(Base):
    """What a lead was given. A lead that was sold keeps the score that its buyer saw; before that it may be given anew.

    `inputs` hold all that the two models were asked with: with the versions they give the same score again.
    `reasons` are the parts as they were shown: signs of fraud and columns of conversion, each with its points.
    """

    __tablename__ = "lead_scores"
    __table_args__ = (
        CheckConstraint("p_fraud BETWEEN 0 AND 1 AND p_convert BETWEEN 0 AND 1", name="chances"),
        CheckConstraint("(p_convert IS NULL) = (convert_model_id IS NULL)", name="convert_model"),
    )

    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), primary_key=True)
    p_fraud: Mapped[float]
    p_convert: Mapped[float | None]
    fraud_model_id: Mapped[UUID] = mapped_column(ForeignKey(ScoreModel.id))
    convert_model_id: Mapped[UUID | None] = mapped_column(ForeignKey(ScoreModel.id))
    inputs: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any]]
    scored_at: Mapped[datetime]
