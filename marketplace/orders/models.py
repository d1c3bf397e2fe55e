"""Tables of orders: one lead bought by one buyer on frozen terms."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models import Chargeback, PromoGrant
from marketplace.catalog import Pricing
from marketplace.catalog.models import ListingVersion
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.leads.models import Lead
from marketplace.people.models import Organisation


class OrderState(StrEnum):
    """Where the money of a purchase is; `rules.py` has the table of changes."""

    HELD = "held"
    DISPUTED = "disputed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    RELEASED = "released"
    CLAWED_BACK = "clawed_back"
    FROZEN = "frozen"
    CHARGED_BACK = "charged_back"
    # of orders that are paid by the sale; `rules.py` has both tables of changes
    ACQUIRED = "acquired"
    REPORTED = "reported"
    COMMISSION_DUE = "commission_due"
    REVERSED = "reversed"
    NO_SALE_CLAIMED = "no_sale_claimed"
    CLOSED_NO_SALE = "closed_no_sale"
    OVERDUE = "overdue"
    AUDIT = "audit"


#: states in which the price of a lead is still held
UNSETTLED = (OrderState.HELD, OrderState.DISPUTED, OrderState.PARTLY_REFUNDED, OrderState.FROZEN)
#: of these an order answers for a payment that the buyer's bank takes back
ANSWERING = (OrderState.HELD, OrderState.DISPUTED, OrderState.PARTLY_REFUNDED)
#: the same in the database, of what an index of unsettled orders holds
_HELD = "pricing = 'per_lead' AND state IN ('held', 'disputed', 'partly_refunded', 'frozen')"


class Order(Base):
    """A purchase. Price, fee, reserve and window are those of the moment of sale and never change.

    Paid by the sale, `price_cents` is the deposit, and commissions stand in `sales`. `releasable_at` is when the rest
    goes to the agency unless a dispute stands: the window's end, or later when a decision may still be appealed.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("lead_id", "slot"),
        UniqueConstraint("lead_id", "buyer_id"),
        ForeignKeyConstraint(["listing_id", "listing_version"], [ListingVersion.listing_id, ListingVersion.number]),
        CheckConstraint("refunded_cents BETWEEN 0 AND price_cents", name="refunded"),
        CheckConstraint(
            "clawed_back_cents BETWEEN 0 AND price_cents - refunded_cents - charged_back_cents", name="clawed_back"
        ),
        CheckConstraint("charged_back_cents BETWEEN 0 AND price_cents - refunded_cents", name="charged_back"),
        CheckConstraint("(state = 'frozen') = (frozen_by IS NOT NULL)", name="frozen"),
        CheckConstraint("buyer_id <> agency_id", name="not_own_lead"),
        CheckConstraint("fee_bp BETWEEN 0 AND 10000 AND reserve_bp BETWEEN 0 AND 10000", name="rates"),
        CheckConstraint(
            "(pricing = 'per_lead' AND state IN ('held', 'disputed', 'partly_refunded', 'refunded', 'released',"
            " 'clawed_back', 'frozen', 'charged_back'))"
            " OR (pricing = 'per_sale' AND state IN ('acquired', 'reported', 'commission_due', 'held', 'released',"
            " 'reversed', 'no_sale_claimed', 'closed_no_sale', 'overdue', 'audit', 'disputed', 'refunded'))",
            name="state",
        ),
        Index("ix_orders_buyer_id_id", "buyer_id", "id"),
        Index("ix_orders_agency_id_id", "agency_id", "id"),
        Index("ix_orders_buyer_held", "buyer_id", postgresql_where=text(_HELD)),
        Index("ix_orders_agency_held", "agency_id", postgresql_where=text(_HELD)),
        Index(
            "ix_orders_due",
            "releasable_at",
            postgresql_where=text("pricing = 'per_lead' AND state IN ('held', 'partly_refunded')"),
        ),
        Index(
            "ix_orders_reserve_due",
            "reserve_until",
            postgresql_where=text("pricing = 'per_lead' AND state = 'released' AND NOT reserve_paid"),
        ),
    )

    id: Mapped[Id]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id))
    slot: Mapped[int] = mapped_column(SmallInteger)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    placed_by: Mapped[UUID | None]
    listing_id: Mapped[UUID]
    listing_version: Mapped[int]
    pricing: Mapped[str] = mapped_column(server_default=Pricing.PER_LEAD, default=Pricing.PER_LEAD)
    state: Mapped[str]
    price_cents: Mapped[Cents]
    currency: Mapped[str]
    refunded_cents: Mapped[Cents] = mapped_column(default=0)
    charged_back_cents: Mapped[Cents] = mapped_column(default=0, server_default="0")
    clawed_back_cents: Mapped[Cents] = mapped_column(default=0, server_default="0")
    fee_bp: Mapped[int]
    reserve_bp: Mapped[int]
    reserve_days: Mapped[int]
    reserve_paid: Mapped[bool] = mapped_column(default=False)
    placed_at: Mapped[datetime]
    window_ends_at: Mapped[datetime]
    releasable_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    reserve_until: Mapped[datetime | None]
    frozen_from: Mapped[str | None]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey(Chargeback.id), index=True)

    @property
    def price(self) -> Money:
        return Money(self.price_cents, self.currency)

    @property
    def window_days(self) -> int:
        """How long it could be disputed from the purchase on."""
        return (self.window_ends_at - self.placed_at).days

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_cents, self.currency)

    @property
    def paid_cents(self) -> int:
        """The price less what a bank has taken back of it, in minor units."""
        return self.price_cents - self.charged_back_cents

    @property
    def released_cents(self) -> int:
        """What went to the agency and the fee when it was released, in minor units."""
        return self.paid_cents - self.refunded_cents

    @property
    def given_back(self) -> Money:
        """What went back to the buyer: refunded while it was held, or taken back after the release."""
        return Money(self.refunded_cents + self.clawed_back_cents, self.currency)

    @property
    def is_per_sale(self) -> bool:
        return self.pricing == Pricing.PER_SALE

    @property
    def held(self) -> Money:
        """What is still held of the price of the lead; a deposit is not, `sales` knows where it is."""
        is_held = self.state in UNSETTLED and not self.is_per_sale
        return Money(self.released_cents if is_held else 0, self.currency)


class OrderPromo(Base):
    """How much of an order's price was paid with one gift. Rows never change."""

    __tablename__ = "order_promos"
    __table_args__ = (CheckConstraint("cents > 0", name="cents"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey(PromoGrant.id), primary_key=True, index=True)
    cents: Mapped[Cents]


#: what is still held of an unsettled order, in minor units, as a database expression
HELD_CENTS = Order.price_cents - Order.refunded_cents - Order.charged_back_cents
