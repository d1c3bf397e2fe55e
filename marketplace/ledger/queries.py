"""Reading balances and statements. The caller has found the owner for somebody already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page
from marketplace.ledger.actions import Line
from marketplace.ledger.chart import Account, chart
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of an owner's statement; `amount` and `balance_after` on the owner's side, in minor units."""

    id: int
    at: datetime
    kind: str
    reference_id: UUID
    amount: int
    balance_after: int
    currency: str


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry as it stands in the books."""

    id: UUID
    kind: str
    reference_id: UUID
    currency: str
    lines: Sequence[Line]


def entry(entry_id: UUID) -> WrittenEntry | None:
    """One entry with its lines; None when there is none."""
    row = session().get(LedgerEntry, entry_id)
    if row is None:
        return None
    postings = (
        select(LedgerAccount.kind, LedgerPosting.amount, LedgerAccount.owner_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerPosting.entry_id == entry_id)
        .order_by(LedgerPosting.id)
    )
    lines = [Line(Account(kind), amount, owner) for kind, amount, owner in session().execute(postings)]
    return WrittenEntry(row.id, row.kind, row.reference_id, row.currency, lines)


def balance(account: Account, owner: UUID | None, currency: str) -> int:
    """What stands on the account, in minor units on its own side; 0 where it does not exist yet."""
    found = select(LedgerAccount.id, LedgerAccount.sign, LedgerAccount.balance).where(
        LedgerAccount.kind == account, LedgerAccount.owner_id == owner, LedgerAccount.currency == currency
    )
    row = session().execute(found).first()
    if row is None:
        return 0
    if row.balance is not None:
        return int(row.balance)
    total = select(func.coalesce(func.sum(LedgerPosting.amount), 0)).where(LedgerPosting.account_id == row.id)
    return int(session().execute(total).scalar_one()) * int(row.sign)


def total(account: Account, owners: Select[UUID], currency: str) -> int:
    """What stands on all accounts of a guarded kind whose owners `owners` selects, in minor units."""
    balances = select(func.coalesce(func.sum(LedgerAccount.balance), 0)).where(
        LedgerAccount.kind == account, LedgerAccount.owner_id.in_(owners), LedgerAccount.currency == currency
    )
    return int(session().execute(balances).scalar_one() or 0)


def balances_of(account: Account, owners: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """What stands on accounts of a guarded kind by owner and currency, in minor units; those that exist."""
    found = select(LedgerAccount.owner_id, LedgerAccount.currency, LedgerAccount.balance).where(
        LedgerAccount.kind == account, LedgerAccount.owner_id.in_(owners)
    )
    rows = session().execute(found)
    return {(owner, currency): cents or 0 for owner, currency, cents in rows if owner}


def sum_of(account: Account, currency: str) -> int:
    """What stands on all accounts of a kind together, in minor units on their own side."""
    total = (
        select(func.coalesce(func.sum(LedgerPosting.amount), 0))
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.kind == account, LedgerAccount.currency == currency)
    )
    guarded = select(func.coalesce(func.sum(LedgerAccount.balance), 0)).where(
        LedgerAccount.kind == account, LedgerAccount.currency == currency
    )
    if chart[account].is_guarded:
        return int(session().execute(guarded).scalar_one() or 0)
    return int(session().execute(total).scalar_one()) * chart[account].sign


def owners_with(account: Account, least: int) -> Select[UUID | None, str]:
    """Whose guarded accounts of this kind hold at least so many minor units: `owner_id`, `currency`."""
    columns = select(LedgerAccount.owner_id.label("owner_id"), LedgerAccount.currency.label("currency"))
    return columns.where(LedgerAccount.kind == account, LedgerAccount.balance >= least)


def first_at(account: Account, owner: UUID, currency: str) -> datetime | None:
    """When the owner's account was moved for the first time; None while it never was."""
    found = (
        select(LedgerEntry.at)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.kind == account, LedgerAccount.owner_id == owner, LedgerAccount.currency == currency)
    )
    return session().scalar(found.order_by(LedgerPosting.id).limit(1))


def is_booked(key: str) -> bool:
    """Whether the entry of this key was written."""
    return session().scalar(select(LedgerEntry.id).where(LedgerEntry.key == key)) is not None


def balances(account: Account, owner: UUID) -> list[Money]:
    """What stands on the owner's accounts of a guarded kind, by currency in alphabetical order."""
    found = select(LedgerAccount.balance, LedgerAccount.currency).where(
        LedgerAccount.kind == account, LedgerAccount.owner_id == owner
    )
    rows = session().execute(found.order_by(LedgerAccount.currency))
    return [Money(cents or 0, currency) for cents, currency in rows]


@dataclass(frozen=True, slots=True)
class BookedLine:
    """One posting of an entry; debits positive, credits negative, in minor units."""

    at: datetime
    kind: str
    account: Account
    amount: int


def about(reference: UUID) -> list[BookedLine]:
    """Everything that was booked about one thing, oldest first; it was found for somebody before."""
    found = (
        select(LedgerEntry.at, LedgerEntry.kind, LedgerAccount.kind, LedgerPosting.amount)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerEntry.reference_id == reference)
        .order_by(LedgerPosting.id)
    )
    return [BookedLine(at, kind, Account(account), int(cents)) for at, kind, account, cents in session().execute(found)]


def statement(account: Account, owner: UUID | Select[UUID], currency: str, ask: Ask) -> Page[StatementLine]:
    """The postings of the owner's account, or of all owners' that are selected, newest first; each with the balance
    of its account after it.
    """
    is_theirs = LedgerAccount.owner_id.in_(owner) if isinstance(owner, Select) else LedgerAccount.owner_id == owner
    found = (
        select(LedgerPosting, LedgerEntry, LedgerAccount.sign)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.kind == account, is_theirs, LedgerAccount.currency == currency)
    )
    if ask.cursor:
        found = found.where(LedgerPosting.id < ask.number)
    rows = session().execute(found.order_by(LedgerPosting.id.desc()).limit(ask.size + 1)).all()
    lines = [
        StatementLine(
            id=posting.id,
            at=entry.at,
            kind=entry.kind,
            reference_id=entry.reference_id,
            amount=posting.amount * sign,
            balance_after=posting.balance_after or 0,
            currency=entry.currency,
        )
        for posting, entry, sign in rows[: ask.size]
    ]
    return Page(lines, str(lines[-1].id) if len(rows) > ask.size else None)
