"""What ties an agency and a buyer together although they say that they are two: a card or a bank of both."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base
from marketplace.people.models import Organisation


class MarkKind(StrEnum):
    """What an organisation pays with, or is paid to."""

    CARD = "card"
    BANK = "bank"


class PaymentMark(Base):
    """That an organisation has paid with a card, or is paid to a bank. `digest` is keyed: equal for equal ones."""

    __tablename__ = "payment_marks"
    __table_args__ = (
        CheckConstraint("kind IN ('card', 'bank')", name="kind"),
        Index("ix_payment_marks_kind_digest", "kind", "digest"),
    )

    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class LinkedParty(Base):
    """An agency and a buyer of one hand: the buyer buys nothing of the agency. Kept by `link_parties` in the database.

    The purchase looks here by the primary key, so that it need not look through cards, banks and people.
    """

    __tablename__ = "linked_parties"
    __table_args__ = (CheckConstraint("why IN ('card', 'bank')", name="why"),)

    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)
    why: Mapped[str]
    since: Mapped[datetime]
