"""Tables of hooks: the address of each buyer, and the deliveries that were taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
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
    """A delivery that was taken, by the id that the CRM gave it. `asked`: SHA-256 of what it said. Rows never change.

    `outcome_id` is NULL where its stage is passed over.
    """

    __tablename__ = "hook_events"

    org_id: Mapped[UUID] = mapped_column(ForeignKey(OutcomeHook.org_id), primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes]
    order_id: Mapped[UUID | None]
    outcome_id: Mapped[UUID | None]
    at: Mapped[datetime]
