"""Tables of doubts about reports: the request for proof, the calls to persons, the buyer's files."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class DoubtState(StrEnum):
    """Where a doubt is; `rules.py` has the table of changes."""

    ASKED = "asked"
    ANSWERED = "answered"
    PROPOSED = "proposed"
    PROVEN = "proven"
    CLEARED = "cleared"
    LIFTED = "lifted"


class Finding(StrEnum):
    """What the person of a lead without a reported sale said when staff called."""

    BOUGHT = "bought"
    DID_NOT_BUY = "did_not_buy"
    UNREACHABLE = "unreachable"


class Doubt(Base):
    """A buyer is asked to show how its leads went, because its test was flagged at `e_value` after `leads` leads.

    `answer_by` is the day until which it is asked to. Proven is what one member of staff proposed and another
    confirmed; cleared and lifted need one.
    """

    __tablename__ = "report_doubts"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'answered', 'proposed', 'proven', 'cleared', 'lifted')", name="state"),
        CheckConstraint(
            "state NOT IN ('proven', 'lifted') OR coalesce(decided_by <> proposed_by, false)", name="two_persons"
        ),
        CheckConstraint(
            "state NOT IN ('proposed', 'proven', 'lifted') OR proposed_by IS NOT NULL", name="proposed"
        ),
        CheckConstraint("(decided_at IS NOT NULL) = (state IN ('proven', 'cleared', 'lifted'))", name="decided"),
        Index(
            "uq_report_doubts_open", "buyer_id", unique=True,
            postgresql_where=text("state IN ('asked', 'answered', 'proposed')"),
        ),
        Index("ix_report_doubts_buyer_id_id", "buyer_id", "id"),
    )  # fmt: skip

    id: Mapped[Id]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    state: Mapped[str]
    e_value: Mapped[float]
    leads: Mapped[int]
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    statement: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime | None]
    reasoning: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str] = mapped_column(default="")

    @property
    def is_open(self) -> bool:
        return self.state in (DoubtState.ASKED, DoubtState.ANSWERED, DoubtState.PROPOSED)


class DoubtCall(Base):
    """A lead without a reported sale whose person staff are to call, and what they said."""

    __tablename__ = "report_doubt_calls"
    __table_args__ = (
        UniqueConstraint("doubt_id", "order_id"),
        CheckConstraint("finding IN ('bought', 'did_not_buy', 'unreachable')", name="finding"),
        CheckConstraint("(finding IS NULL) = (called_at IS NULL)", name="called"),
    )

    id: Mapped[Id]
    doubt_id: Mapped[UUID] = mapped_column(ForeignKey(Doubt.id))
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    finding: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    called_by: Mapped[UUID | None]
    called_at: Mapped[datetime | None]


class DoubtFile(Base):
    """A file by which a buyer shows how its leads went, kept sealed in the file store under `stored_as`."""

    __tablename__ = "report_doubt_files"
    __table_args__ = (UniqueConstraint("doubt_id", "fingerprint"),)

    id: Mapped[Id]
    doubt_id: Mapped[UUID] = mapped_column(ForeignKey(Doubt.id))
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    fingerprint: Mapped[str]
    stored_as: Mapped[str]
    added_at: Mapped[datetime]
