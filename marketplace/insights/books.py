"""The books: every entry of the ledger with its postings, newest first, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class BookLine:
    """One posting: debits positive, credits negative, in minor units."""

    account: str
    owner_id: UUID | None
    amount: int
    balance_after: int | None


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One entry with everything that it moved."""

    id: UUID
    key: str
    kind: str
    reference_id: UUID
    currency: str
    actor_id: UUID | None
    at: datetime
    postings: Sequence[BookLine]


def entries_for(who: Who, ask: Ask, *, kind: str | None = None, reference_id: UUID | None = None) -> Page[BookEntry]:
    """One page of entries; each filter that is not given is not applied. Raises Forbidden, Invalid."""
    who.need(Power.LEDGER_READ)
    statement = select(LedgerEntry)
    if kind:
        statement = statement.where(LedgerEntry.kind == kind)
    if reference_id:
        statement = statement.where(LedgerEntry.reference_id == reference_id)
    found: Page[LedgerEntry] = page(statement, ask, by=[LedgerEntry.id], key=lambda entry: [entry.id])
    lines = _lines_of([entry.id for entry in found.items])
    return Page([_with_lines(entry, lines.get(entry.id, [])) for entry in found.items], found.next_cursor)


def _lines_of(entry_ids: Sequence[UUID]) -> dict[UUID, list[BookLine]]:
    rows = session().execute(
        select(LedgerPosting, LedgerAccount.kind, LedgerAccount.owner_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerPosting.entry_id.in_(entry_ids))
        .order_by(LedgerPosting.id)
    )
    grouped: dict[UUID, list[BookLine]] = {}
    for posting, account, owner_id in rows:
        line = BookLine(account, owner_id, posting.amount, posting.balance_after)
        grouped.setdefault(posting.entry_id, []).append(line)
    return grouped


def _with_lines(entry: LedgerEntry, lines: Sequence[BookLine]) -> BookEntry:
    return BookEntry(
        id=entry.id,
        key=entry.key,
        kind=entry.kind,
        reference_id=entry.reference_id,
        currency=entry.currency,
        actor_id=entry.actor_id,
        at=entry.at,
        postings=lines,
    )
