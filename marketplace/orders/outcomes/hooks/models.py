"""Tables of hooks: the address of each buyer, and the deliveries that were taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base
from marketplace.people.models import Organisation, User

#: a stage of the CRM that says nothing about the lead
IGNORED = ""


class OutcomeHook(Base):
    """One address a buyer. Of its secret only the SHA-256 is kept, NULL once it was revoked; `hint` is for people.

    It acts as the person who made it last, and only as long as they may report outcomes. `stages`: the CRM's words,
    lower case, and ours; an empty one is passed over.
    """

    __tablename__ = "outcome_hooks"
    __table_args__ = (CheckConstraint("(token IS NULL) = (hint IS NULL)", name="hint"),)

    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    token: Mapped[bytes | None] = mapped_column(unique=True)
    hint: Mapped[str | None]
    stages: Mapped[dict[str, str]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HookEvent(Base):
    """A delivery that was taken, by the id that the CRM gave it; kept for as long as one may come again.

    `object_id`: the CRM's own thing that the event is about, empty where none is named; the ids of HubSpot's events
    are unique only together with it. `asked`: SHA-256 of what it said. Rows never change.
    """

    __tablename__ = "hook_events"
    __table_args__ = (Index("ix_hook_events_at", "at"),)

    org_id: Mapped[UUID] = mapped_column(ForeignKey(OutcomeHook.org_id), primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes]
    order_id: Mapped[UUID]
    outcome_id: Mapped[UUID]
    at: Mapped[datetime]
