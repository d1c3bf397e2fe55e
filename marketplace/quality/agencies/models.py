"""Tables of how agencies stand: each night's rating, alarms, and who belongs together."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.people.models import Organisation


class RatingNight(Base):
    """One night in which every agency was rated; `ended_at` is null while it goes on, or when it broke.

    `expectation` is what was learned of faults to expect, and `prior_leads` how much a newcomer's start weighs (a0):
    with the facts, all that is needed to count a rating again.
    """

    __tablename__ = "rating_nights"

    night: Mapped[date] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agencies: Mapped[int] = mapped_column(default=0)
    leads: Mapped[int] = mapped_column(default=0)
    prior_leads: Mapped[float]
    expectation: Mapped[dict[str, Any]]


class AgencyRating(Base):
    """How an agency stood in one night. Shares 0..1, `score` 0..100; `low` to `high` holds the faults with 80 %.

    `grade` is what its record earns; staff may have set another one. `channels` has the same for each channel, `ways`
    what would bring the next better grade, `sales` sales beside what was to be expected.
    """

    __tablename__ = "agency_ratings"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')", name="grade"),
        CheckConstraint("faults BETWEEN 0 AND leads", name="faults"),
    )

    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    score: Mapped[float]
    grade: Mapped[str]
    expected_fault: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    leads: Mapped[int]
    faults: Mapped[int]
    buyers: Mapped[int]
    came: Mapped[float]
    expected: Mapped[float]
    usual: Mapped[float]
    cautious: Mapped[float]
    channels: Mapped[list[Any]]
    ways: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sales: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class AlarmState(StrEnum):
    """`rules.py` has the table of changes."""

    RINGING = "ringing"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    LIFTED = "lifted"


class AgencyAlarm(Base):
    """The leads of one channel of an agency turned bad, or, with an empty channel, the agency as a whole is suspended.

    While it rings the channel's new leads are held and calls find out; `confirmed` suspends the agency. `level` is the
    running sum when it rang, `expected` the share of faults that was to be expected. The agency may appeal once.
    """

    __tablename__ = "agency_alarms"
    __table_args__ = (
        CheckConstraint("state IN ('ringing', 'confirmed', 'ended', 'lifted')", name="state"),
        CheckConstraint("(state = 'ringing') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(appeal IS NULL) = (appealed_at IS NULL)", name="appeal"),
        Index(
            "uq_agency_alarms_open",
            "agency_id",
            "channel",
            unique=True,
            postgresql_where=text("state IN ('ringing', 'confirmed')"),
        ),
        Index("ix_agency_alarms_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    channel: Mapped[str]
    state: Mapped[str]
    rang_at: Mapped[datetime]
    level: Mapped[float]
    expected: Mapped[float]
    leads: Mapped[int]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None]
    reasoning: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def is_open(self) -> bool:
        return self.state in (AlarmState.RINGING, AlarmState.CONFIRMED)


class BuyerLink(Base):
    """A buyer that belongs with others: they count as one. `why`: a card, a bank account, a person."""

    __tablename__ = "buyer_links"
    __table_args__ = (CheckConstraint("why IN ('card', 'bank', 'person')", name="why"),)

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(index=True)
    why: Mapped[str]


class OwnBuyer(Base):
    """A buyer of one hand with an agency: what it bought there, before that was known, says nothing of the agency."""

    __tablename__ = "own_buyers"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    why: Mapped[str]
