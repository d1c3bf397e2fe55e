"""Tables of the ledger. Triggers of the migrations keep what the comments promise."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.db import Base, Cents, Id, TransactionId


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
    __table_args__ = (
        Index("ix_ledger_entries_reference_id", "reference_id"),
        Index("ix_ledger_entries_at", "at", postgresql_using="brin"),  # entries come in order: costs a purchase nothing
    )

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


class Unsealed(Base):
    """An entry that is in no block yet: a trigger puts it here with its entry's stamp, sealing takes it away.

    `since` is the machine's time. No foreign key: the trigger knows that the entry is there, and a check on each
    purchase would cost more than the row.
    """

    __tablename__ = "ledger_unsealed"

    tx: Mapped[str] = mapped_column(TransactionId, primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(server_default=text("now()"))


class LedgerBlock(Base):
    """One block of the chain. Rows never change, and each follows the one before it.

    `digests` are those of `entry_ids`, in the same order; `hash` is over them and over `previous`, the hash of the
    block before. `total` counts the entries of all blocks up to this one. `sealed_at` is a whole second, so that it is
    written in one way only.
    """

    __tablename__ = "ledger_blocks"
    __table_args__ = (
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint(
            "entries >= 1 AND cardinality(entry_ids) = entries AND cardinality(digests) = entries", name="counted"
        ),
        CheckConstraint("octet_length(hash) = 32 AND octet_length(previous) = 32", name="sha256"),
        CheckConstraint("sealed_at = date_trunc('second', sealed_at)", name="whole_second"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    previous: Mapped[bytes] = mapped_column(unique=True)
    hash: Mapped[bytes] = mapped_column(unique=True)
    entries: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    entry_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    sealed_at: Mapped[datetime]


class AnnouncedHead(Base):
    """What the head of the chain was when it was told to people: at most one a day, each head once. Never changes."""

    __tablename__ = "ledger_heads"

    id: Mapped[Id]
    on_day: Mapped[date] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes]
    at: Mapped[datetime]
