"""Tables of facts: sold leads, and those of them that staff call for."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalog.models import Listing
from marketplace.kit.db import Base, Cents, Id
from marketplace.kit.money import Money
from marketplace.leads.models import Lead
from marketplace.people.models import Organisation


class Stage(StrEnum):
    """What became of a lead at its buyer: how far it got, or how it ended."""

    NEW = "new"
    DEFERRED = "deferred"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    WON = "won"
    LOST = "lost"


class AuditState(StrEnum):
    """Whether the person was asked, and what that says of the lead. Unreachable is unknown, and unknown is no pass."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


class Finding(StrEnum):
    """What a call to the person of a lead showed."""

    ASKED = "asked"
    DID_NOT_ASK = "did_not_ask"
    WRONG_PERSON = "wrong_person"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"  # the person wants no more calls: nobody was called, or it no longer matters
    KNOWN = "known"  # a dispute had shown before that the lead was bad: nobody was called


class SoldLead(Base):
    """One purchase and what is known of it.

    `matured_at` is when it could not be complained about any more, or what was complained of was decided for good;
    only then `fault` is known: something of the price went back for it, or an audit failed. A purchase whose payment a
    bank took back never matures. `stage` is how far the lead got; `won_cents` in `currency`. `due_at` is when it
    matures, or may, without anything else happening. `drawn` says that the lot was cast whether to call the person.
    """

    __tablename__ = "sold_leads"
    __table_args__ = (
        CheckConstraint("(matured_at IS NULL) = (fault IS NULL)", name="matured"),
        CheckConstraint("coalesce(fault, false) = (fault_reason IS NOT NULL)", name="fault_reason"),
        CheckConstraint("buyer_id <> agency_id", name="parties"),
        CheckConstraint("stage IN ('new', 'deferred', 'contacted', 'qualified', 'won', 'lost')", name="stage"),
        CheckConstraint("(stage = 'won') = (won_at IS NOT NULL)", name="won"),
        Index("ix_sold_leads_agency_id_matured_at", "agency_id", "matured_at"),
        Index("ix_sold_leads_agency_id_placed_at", "agency_id", "placed_at"),
        Index("ix_sold_leads_buyer_id_placed_at", "buyer_id", "placed_at"),
        Index("ix_sold_leads_placed_at", "placed_at"),
        Index("ix_sold_leads_matured_at", "matured_at", postgresql_where=text("matured_at IS NOT NULL")),
        Index("ix_sold_leads_undrawn", "matured_at", postgresql_where=text("matured_at IS NOT NULL AND NOT drawn")),
        Index("ix_sold_leads_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_sold_leads_listing_id_channel_placed_at",
            "listing_id",
            "channel",
            "placed_at",
            postgresql_where=text("stage <> 'new'"),
        ),
        Index(
            "ix_sold_leads_told_of_trade",
            "vertical",
            "placed_at",
            postgresql_include=["won_at"],
            postgresql_where=text("matured_at IS NOT NULL AND stage <> 'new'"),
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), index=True)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    vertical: Mapped[str]
    channel: Mapped[str]
    sub_id: Mapped[str | None]
    is_per_sale: Mapped[bool]
    price_cents: Mapped[Cents]
    currency: Mapped[str]
    placed_at: Mapped[datetime]
    matured_at: Mapped[datetime | None]
    fault: Mapped[bool | None]
    fault_reason: Mapped[str | None]
    disputed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    stage: Mapped[str] = mapped_column(default=Stage.NEW, server_default=Stage.NEW.value)
    contacted_at: Mapped[datetime | None]
    won_at: Mapped[datetime | None]
    won_cents: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None]
    drawn: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    @property
    def price(self) -> Money:
        return Money(self.price_cents, self.currency)

    @property
    def is_matured(self) -> bool:
        return self.matured_at is not None


def is_told() -> ColumnElement[bool]:
    """Whether the buyer said what became of a lead, as a condition on `SoldLead`: silence is not "did not buy"."""
    return SoldLead.stage != Stage.NEW


def is_bad() -> ColumnElement[bool]:
    """Whether a lead was bad by its decided audit, as a condition on both tables; a dispute may have been reopened."""
    known = LeadAudit.finding == Finding.KNOWN
    return or_(and_(known, SoldLead.fault.is_(True)), and_(~known, LeadAudit.state == AuditState.FAILED))


_FINDINGS = (
    "(state = 'waiting' AND finding IS NULL) OR (state = 'passed' AND finding = 'asked')"
    " OR (state = 'failed' AND finding IN ('did_not_ask', 'wrong_person', 'known'))"
    " OR (state = 'unreachable' AND finding IN ('unreachable', 'stopped'))"
)


class LeadAudit(Base):
    """A lead whose person staff call, and what the call showed; `known` to be bad, it failed without a call.

    A sold lead was drawn by lot (`why` is `sample`) or because its channel has an alarm (`alarm`). One that was not
    sold (`held`, without an order) is of an agency that is suspended. `rate_bp` is the share (basis points) of leads
    that were drawn when this one was: its weight is 1 / rate. `note` is what staff wrote down, for staff.
    """

    __tablename__ = "lead_audits"
    __table_args__ = (
        CheckConstraint(_FINDINGS, name="finding"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("rate_bp BETWEEN 1 AND 10000", name="rate"),
        CheckConstraint("why IN ('sample', 'alarm') OR (why = 'held' AND order_id IS NULL)", name="why"),
        Index("ix_lead_audits_waiting", "drawn_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("uq_lead_audits_held", "lead_id", unique=True, postgresql_where=text("order_id IS NULL")),
        Index("ix_lead_audits_agency_id_drawn_at", "agency_id", "drawn_at"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey(SoldLead.order_id), unique=True)
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    channel: Mapped[str]
    rate_bp: Mapped[int]
    why: Mapped[str] = mapped_column(default="sample", server_default="sample")
    drawn_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=AuditState.WAITING, server_default=AuditState.WAITING.value)
    finding: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
