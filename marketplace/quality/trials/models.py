"""The table of trials: a file on its way to figures, and the figures."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.people.models import Organisation, User


class TrialState(StrEnum):
    """Where a trial is; `rules.py` says what each may become."""

    SENDING = "sending"  # the file is on its way into the store
    LOOKING = "looking"
    WAITING = "waiting"  # for somebody to say what the columns are
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"  # thrown away, or left lying for too long


class ConversionTrial(Base):
    """One export of a CRM, tried once. `stored_as` stands for as long as the file does, or may, lie in the store.

    `columns`: what the first look found, for the page that asks. It goes with the file. `choice`: names of columns and
    the value for a sale, kept where there is a result. `result` holds figures, and
    texts that at least ten leads share. `failure` is a code; a trial that waits may have one: why the last run stopped.
    `attempts`: how often the look, or the run that was chosen last, was begun.
    """

    __tablename__ = "conversion_trials"
    __table_args__ = (
        CheckConstraint(
            "state IN ('sending', 'looking', 'waiting', 'running', 'done', 'failed', 'gone')", name="state"
        ),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="result"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failure"),
        CheckConstraint("state IN ('done', 'failed', 'gone') = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint("finished_at IS NOT NULL OR stored_as IS NOT NULL", name="stored"),
        CheckConstraint("finished_at IS NULL OR (columns IS NULL AND fingerprint IS NULL)", name="forgotten"),
        CheckConstraint("state NOT IN ('waiting', 'running') OR columns IS NOT NULL", name="looked_at"),
        CheckConstraint("state <> 'running' OR choice IS NOT NULL", name="chosen"),
        CheckConstraint("state NOT IN ('failed', 'gone') OR choice IS NULL", name="unchosen"),
        Index("ix_conversion_trials_org_id_id", "org_id", "id"),
        Index("ix_conversion_trials_stored", "created_at", postgresql_where=text("stored_as IS NOT NULL")),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    file_name: Mapped[str]
    stored_as: Mapped[str | None]
    fingerprint: Mapped[str | None]
    size: Mapped[int | None]
    state: Mapped[str]
    step: Mapped[str | None]
    rows: Mapped[int | None]
    attempts: Mapped[int]
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    choice: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    failure: Mapped[str | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
