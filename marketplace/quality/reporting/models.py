"""Tables of the running test: each buyer's bets, how they stood night by night, and the leads that entered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base
from marketplace.people.models import Organisation
from marketplace.quality.facts import SoldLead
from marketplace.quality.under_reporting import FLAG_AT, Bet, bet_from


class TestedLead(Base):
    """A lead that has entered the test of its buyer. Rows never change: one outcome each.

    `chance` is that of a sale by the age of `age_days`; NULL where no calibrated model gave one, and then it does not
    count. `reported` says whether a sale of that time was reported.
    """

    __test__ = False
    __tablename__ = "tested_leads"
    __table_args__ = (
        CheckConstraint("chance BETWEEN 0 AND 1", name="chance"),
        CheckConstraint("age_days >= 90", name="age"),
        Index(
            "ix_tested_leads_unreported", "buyer_id", "order_id",
            postgresql_where=text("chance IS NOT NULL AND NOT reported"),
        ),
        Index(
            "ix_tested_leads_newest", "buyer_id", "entered_at",
            postgresql_include=["reported", "chance"], postgresql_where=text("chance IS NOT NULL"),
        ),
    )  # fmt: skip

    order_id: Mapped[UUID] = mapped_column(ForeignKey(SoldLead.order_id), primary_key=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    chance: Mapped[float | None]
    reported: Mapped[bool]
    age_days: Mapped[int]
    entered_at: Mapped[datetime]


class ReportTest(Base):
    """How a buyer's test stands: the bets of `quality.under_reporting`, to watch and to act.

    `leads` have entered with a chance, `left_out` without; of the former `reported` sales came where `expected` were to
    be expected. `round` counts how often the test began anew, after staff had cleared a flag.
    """

    __test__ = False
    __tablename__ = "report_tests"
    __table_args__ = (
        CheckConstraint("leads >= 0 AND left_out >= 0 AND reported BETWEEN 0 AND leads", name="counts"),
        CheckConstraint("expected >= 0", name="expected"),
    )

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    watch: Mapped[dict[str, Any]]
    act: Mapped[dict[str, Any]]
    leads: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    expected: Mapped[float] = mapped_column(default=0.0)
    round: Mapped[int] = mapped_column(default=1)
    watched_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]
    counted_at: Mapped[datetime]

    @property
    def watching(self) -> Bet:
        return bet_from(self.watch)

    @property
    def acting(self) -> Bet:
        return bet_from(self.act)

    @property
    def has_guarantee(self) -> bool:
        """Whether any chance came from a calibrated model; without one nothing is ever flagged."""
        return self.leads > 0

    @property
    def flag_at(self) -> float:
        return FLAG_AT


class ReportNight(Base):
    """How the test stood after a night in which leads entered."""

    __tablename__ = "report_nights"

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(ReportTest.buyer_id), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    round: Mapped[int]
    leads: Mapped[int]
    reported: Mapped[int]
    expected: Mapped[float]
    e_watch: Mapped[float]
    e_act: Mapped[float]
