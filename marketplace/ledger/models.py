"""Tables of the ledger. Triggers of the first migration keep what the comments promise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, TransactionId


class LedgerKind(Base):
    """The chart of accounts as the database knows it; a test holds it equal to `chart`."""

    __tablename__ = "ledger_kinds"

    kind: Mapped[str] = mapped_column(primary_key=True)
    sign: Mapped[int] = mapped_column(SmallInteger)
    is_guarded: Mapped[bool]


class LedgerRule(Base):
    """Which side of which account a kind of entry may touch: the table of `rules.py` as the database knows it."""

    __tablename__ = "ledger_rules"
    __table_args__ = (CheckConstraint("side IN ('debit', 'credit')", name="side"),)

    entry_kind: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    account_kind: Mapped[str] = mapped_column(ForeignKey(LedgerKind.kind), primary_key=True)


class LedgerAccount(Base):
    """One account. `balance` is in minor units on the account's own side, null where it is a sum of postings."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "currency", postgresql_nulls_not_distinct=True),
        CheckConstraint("is_guarded = (balance IS NOT NULL)", name="guarded_has_balance"),
        CheckConstraint("balance >= 0", name="never_negative"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey(LedgerKind.kind))
    owner_id: Mapped[UUID | None]
    currency: Mapped[str]
    sign: Mapped[int] = mapped_column(SmallInteger)
    is_guarded: Mapped[bool]
    balance: Mapped[Cents | None]


class LedgerEntry(Base):
    """One dated fact about money. Balanced at commit; never changed. `content` is the SHA-256 of its postings."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_reference_id", "reference_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    reference_id: Mapped[UUID]
    currency: Mapped[str]
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime]
    content: Mapped[bytes]
    tx: Mapped[str] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))


class LedgerPosting(Base):
    """One line of an entry: debits positive, credits negative, in minor units of the entry's currency."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="moves_something"),
        Index("ix_ledger_postings_account_id_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerEntry.id), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(LedgerAccount.id))
    amount: Mapped[Cents]
    balance_after: Mapped[Cents | None]
