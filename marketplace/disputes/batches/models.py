"""Tables of voided batches: what is taken back together, and what became of each order."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.disputes.models import Dispute
from marketplace.kit.db import Base, Cents, Id
from marketplace.leads.models import Import
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class BatchKind(StrEnum):
    """What the leads of a batch have in common."""

    IMPORT = "import"
    SUB_ID = "sub_id"
    CAMPAIGN = "campaign"


class BatchState(StrEnum):
    """Where a batch is; `rules.py` has the table of changes."""

    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class Batch(Base):
    """Leads of one agency that came the same way as one that was proven to be hired.

    `import_id`, or `mark` (a sub-ID with its `day` in UTC, or a campaign) tell which.
    """

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'running', 'done', 'refused')", name="state"),
        CheckConstraint(
            "kind = 'import' AND import_id IS NOT NULL AND mark IS NULL AND day IS NULL"
            " OR kind = 'sub_id' AND mark IS NOT NULL AND day IS NOT NULL AND import_id IS NULL"
            " OR kind = 'campaign' AND mark IS NOT NULL AND day IS NULL AND import_id IS NULL",
            name="kind",
        ),
        CheckConstraint("state NOT IN ('running', 'done') OR decided_by <> proposed_by", name="second_person"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index(
            "uq_batches_one_open",
            "dispute_id",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'running')"),
        ),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id))
    kind: Mapped[str]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey(Import.id))
    mark: Mapped[str | None]
    day: Mapped[date | None]
    reason: Mapped[str]
    state: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_for: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_reason: Mapped[str | None]
    done_at: Mapped[datetime | None]


class BatchOrder(Base):
    """What became of one order of a batch. `cents`: refunded, or proposed to be clawed back; `why`: left as it is."""

    __tablename__ = "batch_orders"
    __table_args__ = (
        CheckConstraint("result IN ('refunded', 'claw_back', 'left')", name="result"),
        CheckConstraint("(result = 'left') = (why IS NOT NULL) AND cents >= 0", name="why"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(Batch.id), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True, index=True)
    result: Mapped[str]
    cents: Mapped[Cents]
    why: Mapped[str | None]
    at: Mapped[datetime]
