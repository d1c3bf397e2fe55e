"""Tables of documents. Triggers of the migration keep what the comments promise."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id, TransactionId
from marketplace.kit.money import Money
from marketplace.ledger.models import LedgerEntry
from marketplace.people.models import Organisation


class DocumentKind(StrEnum):
    """What a document is; each kind has a series of numbers of its own for each year."""

    RECEIPT = "receipt"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SELF_BILL = "self_bill"
    SELF_BILL_CREDIT = "self_bill_credit"
    STATEMENT = "statement"


#: how the numbers of a kind begin
PREFIXES: Mapping[str, str] = {
    DocumentKind.RECEIPT: "RCP",
    DocumentKind.INVOICE: "INV",
    DocumentKind.CREDIT_NOTE: "CRN",
    DocumentKind.SELF_BILL: "SBI",
    DocumentKind.SELF_BILL_CREDIT: "SBC",
    DocumentKind.STATEMENT: "STM",
}
_KINDS = ", ".join(f"'{kind.value}'" for kind in DocumentKind)


class Treatment(StrEnum):
    """What a document says about VAT; `NONE` where nothing is supplied (a receipt, a statement)."""

    NONE = "none"
    NOT_CHARGED = "not_charged"
    INCLUDED = "included"
    REVERSE_CHARGE = "reverse_charge"


class BillingDetails(Base):
    """Under which name, address and VAT number an organisation's documents are made out.

    Documents keep what stood here when they were issued.
    """

    __tablename__ = "billing_details"
    __table_args__ = (CheckConstraint("is_vat_registered = (vat_id <> '')", name="registered_has_id"),)

    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    legal_name: Mapped[str]
    address: Mapped[str]
    country: Mapped[str]
    is_vat_registered: Mapped[bool]
    vat_id: Mapped[str]
    changed_at: Mapped[datetime]


class DocumentSeries(Base):
    """The last number of a kind in a year. It grows by one, and each number has its document at commit."""

    __tablename__ = "document_series"
    __table_args__ = (CheckConstraint("last > 0", name="last"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    last: Mapped[int]


class Document(Base):
    """One document as it was issued. Rows never change: a correction is a credit note.

    Amounts are in minor units. `total_cents` is what is paid, VAT included; on a credit note what is given back; on a
    statement the balance at its end. `ours` and `theirs` are the parties as they were (`vat.Party`). `period` is the
    first day of the month that it is about, null on a receipt.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "year", "number"),
        ForeignKeyConstraint(["kind", "year"], [DocumentSeries.kind, DocumentSeries.year]),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("treatment IN ('none', 'not_charged', 'included', 'reverse_charge')", name="treatment"),
        CheckConstraint("(treatment = 'included') = (vat_bp > 0)", name="rate"),
        CheckConstraint("vat_cents BETWEEN 0 AND abs(total_cents) AND (vat_bp > 0 OR vat_cents = 0)", name="vat"),
        CheckConstraint("(kind = 'statement') = (opening_cents IS NOT NULL)", name="opening"),
        CheckConstraint("(kind IN ('credit_note', 'self_bill_credit')) = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("(kind = 'receipt') = (period IS NULL)", name="period"),
        Index("ix_documents_org_id_id", "org_id", "id"),
        Index("ix_documents_corrects_id", "corrects_id", postgresql_where=text("corrects_id IS NOT NULL")),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    year: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    org_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    currency: Mapped[str]
    period: Mapped[date | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    ours: Mapped[dict[str, Any]]
    theirs: Mapped[dict[str, Any]]
    treatment: Mapped[str]
    vat_bp: Mapped[int]
    vat_cents: Mapped[Cents]
    opening_cents: Mapped[Cents | None]
    total_cents: Mapped[Cents]
    facts: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    tx: Mapped[str] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))

    @property
    def name(self) -> str:
        """Its number as it is printed: INV-2026-00042."""
        return f"{PREFIXES[self.kind]}-{self.year}-{self.number:05}"

    @property
    def total(self) -> Money:
        return Money(self.total_cents, self.currency)

    @property
    def vat(self) -> Money:
        return Money(self.vat_cents, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.total_cents - self.vat_cents, self.currency)


class DocumentLine(Base):
    """One line: an entry of the ledger as it concerns one order. It stands on one document of a kind, never on two.

    `amount_cents` adds up to the document's total (on a statement: to its change). `price_cents`, `fee_cents` and
    `reserve_cents` explain an agency's amount, `balance_cents` is the balance after a line of a statement.
    """

    __tablename__ = "document_lines"
    __table_args__ = (
        UniqueConstraint("kind", "entry_id", "reference_id"),
        CheckConstraint("kind = 'statement' OR amount_cents >= 0", name="amount"),
        Index("ix_document_lines_reference_id_kind", "reference_id", "kind"),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerEntry.id))
    reference_id: Mapped[UUID]
    at: Mapped[datetime]
    what: Mapped[str]
    title: Mapped[str]
    price_cents: Mapped[Cents | None]
    fee_cents: Mapped[Cents | None]
    reserve_cents: Mapped[Cents | None]
    amount_cents: Mapped[Cents]
    balance_cents: Mapped[Cents | None]


class DocumentMonth(Base):
    """A month whose documents have all been issued."""

    __tablename__ = "document_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
