"""Buyers as Stripe knows them, the cards that they have saved there, and each wish to save one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Id
from marketplace.people.models import Organisation


class StripeCustomer(Base):
    """A buyer's organisation at Stripe, which keeps its cards there; `stripe_id` is None until Stripe has made it."""

    __tablename__ = "stripe_customers"

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), unique=True)
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class CardSetupState(StrEnum):
    """`expired`: the page has closed without a card. `failed`: Stripe would not open one."""

    CREATED = "created"
    SAVED = "saved"
    EXPIRED = "expired"
    FAILED = "failed"


class SavedCard(Base):
    """A card that Stripe keeps for a buyer, under the name `method`; here is only what its owner knows it by.

    `fingerprint` is a keyed digest that is equal for equal cards. `removed_at`: it is never charged again;
    `gone_at`: Stripe has forgotten it. `warned_at`: its owner was told that it expires.
    """

    __tablename__ = "saved_cards"
    __table_args__ = (
        CheckConstraint("NOT (is_default AND removed_at IS NOT NULL)", name="default"),
        Index("ix_saved_cards_org_id_id", "org_id", "id"),
        Index("uq_saved_cards_default", "org_id", unique=True, postgresql_where=text("is_default")),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    method: Mapped[str] = mapped_column(unique=True)
    brand: Mapped[str]
    last4: Mapped[str]
    exp_month: Mapped[int]
    exp_year: Mapped[int]
    fingerprint: Mapped[bytes | None]
    is_default: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class CardSetup(Base):
    """A wish to save a card, from asking for Stripe's page until the card is there."""

    __tablename__ = "card_setups"
    __table_args__ = (
        CheckConstraint("state IN ('created', 'saved', 'expired', 'failed')", name="state"),
        CheckConstraint("(state = 'saved') = (card_id IS NOT NULL)", name="card"),
        Index("ix_card_setups_org_id_id", "org_id", "id"),
        Index("ix_card_setups_open", "created_at", postgresql_where=text("state = 'created'")),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    user_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default=CardSetupState.CREATED)
    needs_3ds: Mapped[bool]
    page_id: Mapped[str | None] = mapped_column(unique=True)
    page_url: Mapped[str | None]
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey(SavedCard.id))
    created_at: Mapped[datetime]
