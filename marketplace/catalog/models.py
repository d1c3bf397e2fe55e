"""Tables of the catalogue: listings, and every version of their terms."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalog.commission import CommissionTerms
from marketplace.catalog.price_curve import PriceCurve, price_at
from marketplace.catalog.visibility import head_start
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.people.models import Organisation


class ListingState(StrEnum):
    """`rules.py` says from which state each can be reached."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Exclusivity(StrEnum):
    """Sold to one buyer, or to up to five."""

    EXCLUSIVE = "exclusive"
    SHARED = "shared"


class Listing(Base):
    """An agency's offer: leads are received into it and sold on its terms of that moment.

    `price_cents` is what a buyer pays for a lead at once: its price, or the deposit where it is paid by the sale. The
    price may fall with the age of a lead along the `price_curve`.
    """

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint("price_cents > 0", name="price"),
        CheckConstraint("window_days BETWEEN 3 AND 14", name="window"),
        CheckConstraint(
            "(exclusivity = 'exclusive' AND max_buyers = 1) OR (exclusivity = 'shared' AND max_buyers BETWEEN 2 AND 5)",
            name="buyers",
        ),
        CheckConstraint("kind <> 'targeted' OR exclusivity = 'exclusive'", name="targeted_is_exclusive"),
        CheckConstraint("state IN ('draft', 'active', 'paused', 'archived')", name="state"),
        CheckConstraint("pricing IN ('per_lead', 'per_sale')", name="pricing"),
        CheckConstraint("(pricing = 'per_sale') = (commission IS NOT NULL)", name="commission"),
        CheckConstraint(
            "price_curve IS NULL OR (pricing = 'per_lead'"
            " AND coalesce(jsonb_array_length(price_curve -> 'steps'), 0) BETWEEN 1 AND 4"
            " AND coalesce((price_curve ->> 'floor_cents')::bigint, 0) BETWEEN 1 AND price_cents)",
            name="price_curve",
        ),
        Index("ix_listings_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    state: Mapped[str] = mapped_column(default=ListingState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    vertical: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    pricing: Mapped[str]
    price_cents: Mapped[Cents]
    currency: Mapped[str]
    commission: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    price_curve: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    exclusivity: Mapped[str]
    max_buyers: Mapped[int]
    window_days: Mapped[int]
    default_country: Mapped[str]
    temperature: Mapped[str | None]
    origin: Mapped[str | None]
    incentive: Mapped[str]
    created_at: Mapped[datetime]
    #: the longer window that whoever buys until then still gets
    earlier_window_days: Mapped[int | None]
    earlier_window_until: Mapped[datetime | None]

    @property
    def price(self) -> Money:
        return Money(self.price_cents, self.currency)

    @property
    def curve(self) -> PriceCurve | None:
        """How the price falls with the age of a lead; None where it stays."""
        return PriceCurve.of(self.price_curve)

    @property
    def curve_told(self) -> dict[str, Any] | None:
        """The same as it is told outside."""
        return self.curve.told(self.currency) if self.curve else None

    def price_of(self, submitted_at: datetime, now: datetime) -> Money:
        """What a lead costs at this moment whose person asked then."""
        return Money(price_at(self.price_cents, self.curve, now - submitted_at), self.currency)

    @property
    def per_sale(self) -> CommissionTerms | None:
        """What each sale costs; None where the lead has a price."""
        return CommissionTerms.of({"commission": self.commission})

    @property
    def commission_told(self) -> dict[str, Any] | None:
        """The same as it is told outside."""
        return self.per_sale.told(self.currency) if self.per_sale else None

    @property
    def is_open(self) -> bool:
        return self.state == ListingState.ACTIVE


class ListingVersion(Base):
    """The terms of a listing as they stood: a sale refers to the version it was made under. Rows never change."""

    __tablename__ = "listing_versions"

    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class GradeTerms(Base):
    """What a grade brings to an agency, from `since` on until a higher `number` holds. Rows never change.

    Rates in basis points: `fee_bp` of the price, `reserve_bp` of what is left after the fee, `audit_bp` of sold leads;
    `visibility_bp` is the weight in the catalogue's order. `most_unmatured`: leads sold whose window is still open.
    """

    __tablename__ = "grade_terms"
    __table_args__ = (
        CheckConstraint("grade IN ('new', 'A', 'B', 'C', 'D', 'E', 'F')", name="grade"),
        CheckConstraint("payout_rhythm IN ('same_day', 'daily', 'weekly', 'held')", name="payout_rhythm"),
        CheckConstraint(
            "fee_bp BETWEEN 0 AND 10000 AND reserve_bp BETWEEN 0 AND 10000 AND audit_bp BETWEEN 0 AND 10000",
            name="rates",
        ),
        CheckConstraint("reserve_days >= 0 AND first_payout_days >= 0", name="days"),
    )

    grade: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    fee_bp: Mapped[int]
    reserve_bp: Mapped[int]
    reserve_days: Mapped[int]
    payout_rhythm: Mapped[str]
    first_payout_days: Mapped[int]
    visibility_bp: Mapped[int]
    most_unmatured: Mapped[int | None]
    audit_bp: Mapped[int]
    set_by: Mapped[UUID | None]
    reason: Mapped[str]

    @property
    def head_start(self) -> timedelta:
        """By how much younger a lead counts in the catalogue's order; less than nothing: older."""
        return head_start(self.visibility_bp)


class FullAgency(Base):
    """An agency whose grade lets it sell only so many leads before their windows have closed, and that has done so.

    Its leads are not offered while it stands here; a sweep over the clock puts it here and takes it away.
    """

    __tablename__ = "full_agencies"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    sold: Mapped[int]
    most: Mapped[int]
    since: Mapped[datetime]
