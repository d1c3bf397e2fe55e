"""The table of outcomes: every one that was reported stays."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.kit.money import Money
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class Stage(StrEnum):
    """How far a buyer is with a lead; before the first report it is `new`. `rules.py` has the table of changes."""

    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    WON = "won"
    LOST = "lost"
    DEFERRED = "deferred"


#: what can be reported
REPORTED = tuple(stage for stage in Stage if stage != Stage.NEW)
#: the buyer has spoken with the person by then
IN_CONTACT = (Stage.CONTACTED, Stage.QUALIFIED, Stage.WON)

_STAGES = ", ".join(f"'{stage}'" for stage in REPORTED)


class Outcome(Base):
    """One report: the stage that was reached and when (`at`), who reported it and how.

    `reason` is the buyer's own word for why, which is for the buyer alone. `amount_cents` is what was won, in the
    currency of the order. Who was put off is taken up again on the day `remind_on` (UTC). `is_latest` marks where the
    order is now. The parties are those of the order, each of which reads its list by them.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_STAGES})", name="stage"),
        CheckConstraint("amount_cents IS NULL OR (stage = 'won' AND amount_cents > 0)", name="amount"),
        CheckConstraint("remind_on IS NULL OR stage = 'deferred'", name="remind_on"),
        CheckConstraint("reminded_at IS NULL OR remind_on IS NOT NULL", name="reminded_at"),
        Index(
            "ix_outcomes_remind_on",
            "remind_on",
            postgresql_where=text("is_latest AND remind_on IS NOT NULL AND reminded_at IS NULL"),
        ),
        Index("ix_outcomes_latest", "order_id", unique=True, postgresql_where=text("is_latest")),
        Index("ix_outcomes_buyer_id_stage", "buyer_id", "stage", "order_id", postgresql_where=text("is_latest")),
        Index("ix_outcomes_order_id_id", "order_id", "id"),
        Index("ix_outcomes_buyer_id_id", "buyer_id", "id"),
        Index("ix_outcomes_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    stage: Mapped[str]
    at: Mapped[datetime]
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str]
    reason: Mapped[str]
    remind_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    is_latest: Mapped[bool]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    via: Mapped[str]

    @property
    def amount(self) -> Money | None:
        return None if self.amount_cents is None else Money(self.amount_cents, self.currency)
