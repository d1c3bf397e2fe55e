"""The table of wishes that wait for a card."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models import TopUp
from marketplace.kit.db import Base, Cents
from marketplace.kit.money import Money
from marketplace.leads.models import Lead
from marketplace.orders.models import Order
from marketplace.people.models import Organisation


class IntentState(StrEnum):
    """`waiting` ends once, in one of the others."""

    WAITING = "waiting"
    BOUGHT = "bought"
    REFUSED = "refused"
    LAPSED = "lapsed"


class PurchaseIntent(Base):
    """What a top-up is for: one lead at the price that a member saw.

    `terms_version` is the version of a listing's terms that was agreed to, for a lead that is paid by the sale; the
    price is its deposit then. `refused` is the word for why the purchase was refused (`errors.refusal_of_word`). A wish
    has lapsed when its top-up brings no money, or another one took its place.
    """

    __tablename__ = "purchase_intents"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'bought', 'refused', 'lapsed')", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'bought') = (order_id IS NOT NULL)", name="bought"),
        CheckConstraint("(state = 'refused') = (refused IS NOT NULL)", name="refused"),
        CheckConstraint("price_cents > 0", name="price"),
        Index(
            "ix_purchase_intents_waiting", "org_id", "lead_id", unique=True, postgresql_where=text("state = 'waiting'")
        ),
    )

    top_up_id: Mapped[UUID] = mapped_column(ForeignKey(TopUp.id), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    via: Mapped[str]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), index=True)
    price_cents: Mapped[Cents]
    currency: Mapped[str]
    terms_version: Mapped[int | None]
    state: Mapped[str]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey(Order.id), unique=True)
    refused: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def price(self) -> Money:
        return Money(self.price_cents, self.currency)

    @property
    def is_waiting(self) -> bool:
        return self.state == IntentState.WAITING
