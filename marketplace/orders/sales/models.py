"""Tables of leads that are paid by the sale: what was agreed for each, the sales, and what was released of them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class SaleState(StrEnum):
    """Where a reported sale is; `rules.py` has the table of changes."""

    REPORTED = "reported"
    CONTESTED = "contested"
    COMMISSION_DUE = "commission_due"
    HELD = "held"
    RELEASED = "released"
    REVERSED = "reversed"
    VOID = "void"


class NoSale(StrEnum):
    """Why a lead did not become a customer."""

    NOT_REACHED = "not_reached"
    NOT_INTERESTED = "not_interested"
    WENT_ELSEWHERE = "went_elsewhere"
    NOT_ELIGIBLE = "not_eligible"
    PRICE = "price"
    OTHER = "other"


class Acquisition(Base):
    """What stands beside an order that is paid by the sale: when a report is due, and what was said of no sale.

    `next_step_at` is the next reminder, then the moment when the report is overdue, then when an audit begins; null
    while nothing is awaited. `is_overdue` stops further acquisitions. `deposit_back` says that nothing of the deposit
    is left. `answer_by` is how long the agency may contest that there was no sale.
    """

    __tablename__ = "acquisitions"
    __table_args__ = (
        CheckConstraint(
            "no_sale IN ('not_reached', 'not_interested', 'went_elsewhere', 'not_eligible', 'price', 'other')",
            name="no_sale",
        ),
        Index("ix_acquisitions_next_step_at", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        Index("ix_acquisitions_answer_by", "answer_by", postgresql_where=text("answer_by IS NOT NULL")),
        Index("ix_acquisitions_deposit", "buyer_id", postgresql_where=text("NOT deposit_back")),
        Index("ix_acquisitions_overdue", "buyer_id", postgresql_where=text("is_overdue")),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    report_due_at: Mapped[datetime]
    next_step_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    is_overdue: Mapped[bool] = mapped_column(default=False)
    deposit_back: Mapped[bool] = mapped_column(default=False)
    no_sale: Mapped[str | None]
    no_sale_note: Mapped[str] = mapped_column(default="")
    no_sale_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    contest: Mapped[str | None]
    audit_since: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reasoning: Mapped[str | None]


class Sale(Base):
    """One sale to the person of a lead. Amounts in minor units of `currency`; `commission_cents` is for `amount_cents`.

    What was paid of the commission is held until `reversal_until`; what came back to the buyer stands in
    `returned_cents`, what went on to the agency and the fee in `released_cents`. The three counters number the entries
    of each kind. `stops_buying_at`: when a commission that is due and not paid stops the buyer from buying more.
    """

    __tablename__ = "sales"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reported', 'contested', 'commission_due', 'held', 'released', 'reversed', 'void')", name="state"
        ),
        CheckConstraint("amount_cents >= 0 AND commission_cents >= 0", name="amounts"),
        CheckConstraint("released_cents >= 0 AND returned_cents >= 0", name="parts"),
        CheckConstraint("paid_cents - returned_cents BETWEEN released_cents AND commission_cents", name="paid"),
        Index("uq_sales_reference", "order_id", "reference", unique=True, postgresql_where=text("state <> 'void'")),
        Index(
            "uq_sales_first",
            "order_id",
            unique=True,
            postgresql_where=text("NOT is_repeat AND state NOT IN ('reversed', 'void')"),
        ),
        Index("ix_sales_buyer_id_id", "buyer_id", "id"),
        Index("ix_sales_agency_id_id", "agency_id", "id"),
        Index("ix_sales_answer_by", "answer_by", postgresql_where=text("answer_by IS NOT NULL")),
        Index("ix_sales_next_due_at", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
        Index("ix_sales_releasable_at", "releasable_at", postgresql_where=text("releasable_at IS NOT NULL")),
        Index("ix_sales_unpaid", "buyer_id", postgresql_where=text("stops_buying_at IS NOT NULL")),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    reference: Mapped[str]
    is_repeat: Mapped[bool]
    state: Mapped[str]
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    sold_at: Mapped[datetime]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    reported_via: Mapped[str]
    commission_cents: Mapped[Cents]
    paid_cents: Mapped[Cents] = mapped_column(default=0)
    returned_cents: Mapped[Cents] = mapped_column(default=0)
    released_cents: Mapped[Cents] = mapped_column(default=0)
    commissions: Mapped[int] = mapped_column(default=0)
    reversals: Mapped[int] = mapped_column(default=0)
    releases: Mapped[int] = mapped_column(default=0)
    answer_by: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    reversal_until: Mapped[datetime]
    change_reason: Mapped[str | None]
    contest: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reasoning: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    stops_buying_at: Mapped[datetime | None]
    releasable_at: Mapped[datetime | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents, self.currency)

    @property
    def commission(self) -> Money:
        return Money(self.commission_cents, self.currency)

    @property
    def kept_cents(self) -> int:
        """What was paid and not given back."""
        return self.paid_cents - self.returned_cents

    @property
    def paid(self) -> Money:
        return Money(self.kept_cents, self.currency)

    @property
    def held(self) -> Money:
        """What is held of it now."""
        return Money(self.kept_cents - self.released_cents, self.currency)


class SaleRelease(Base):
    """One release of a sale's commission, with the part that is kept back until `reserve_until`."""

    __tablename__ = "sale_releases"
    __table_args__ = (
        Index("ix_sale_releases_due", "reserve_until", postgresql_where=text("NOT reserve_paid")),
        CheckConstraint("reserve_cents BETWEEN 0 AND cents", name="reserve"),
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey(Sale.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[Cents]
    reserve_cents: Mapped[Cents]
    released_at: Mapped[datetime]
    reserve_until: Mapped[datetime]
    reserve_paid: Mapped[bool]


class PrepaidBuyer(Base):
    """A buyer that takes no leads that are paid by the sale; `because` is the doubt that was proven."""

    __tablename__ = "prepaid_buyers"

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    because: Mapped[UUID]
    since: Mapped[datetime]
    set_by: Mapped[UUID | None]
