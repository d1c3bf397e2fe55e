"""Money that we give: spent first, never paid out, gone when its time is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.billing.models.proposals import Proposal
from marketplace.kit.db import Base, Cents
from marketplace.people.models import Organisation


class PromoGrant(Base):
    """One gift to a buyer; what is left of it stands on the ledger's account of the same owner (`wallet_promo`).

    `expiries` counts how often something was left when its time was over: a refund may bring some back after that.
    """

    __tablename__ = "promo_grants"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        Index("ix_promo_grants_org_id_ends_at", "org_id", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    amount_cents: Mapped[Cents]
    currency: Mapped[str]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    expiries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
