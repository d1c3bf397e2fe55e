"""Tables of events: the record itself, and which of it still waits for its reactions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id, TransactionId


class Event(Base):
    """One thing that happened. Rows never change: a trigger refuses it.

    `data` holds plain facts (ids, amounts, codes), never a contact detail. `org_ids` are the parties it concerns.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_subject_id_seq", "subject_id", "seq"),)

    id: Mapped[Id]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    tx: Mapped[str] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    name: Mapped[str] = mapped_column(index=True)
    subject_id: Mapped[UUID]
    org_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    actor_id: Mapped[UUID | None]
    via: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Pending(Base):
    """An event whose reactions have not been queued yet: the outbox."""

    __tablename__ = "events_pending"

    event_id: Mapped[UUID] = mapped_column(ForeignKey(Event.id), primary_key=True)
