"""One month's documents: whose there are to be, and issuing the next of them. Safe to repeat at any step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from marketplace.billing import documents
from marketplace.billing.documents import DocumentKind, Draft, Line
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.orders.invoicing import statements
from marketplace.orders.invoicing.sources import SOURCES, Source, untold


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who gets documents, in one currency."""

    org_id: UUID
    currency: str


def month_due() -> date | None:
    """The next month whose documents are to be issued now: one month after the other, however long nobody looked."""
    month = documents.month_to_issue()
    return month if month and documents.is_over(month, clock.now()) else None


def steps() -> Sequence[DocumentKind]:
    """The kinds in the order in which they are issued."""
    return (*SOURCES, DocumentKind.STATEMENT)


def parties(kind: DocumentKind, month: date) -> list[Party]:
    """Whose documents of this kind are still to be issued for the month, in a fixed order."""
    found = _window(kind, month).subquery()
    waiting = select(found.c.org_id, found.c.currency).distinct().order_by(found.c.org_id, found.c.currency)
    return [Party(row.org_id, row.currency) for row in session().execute(waiting)]


def issue_next(kind: DocumentKind, party: Party, month: date) -> bool:
    """Issue the party's next document of this kind; False when the month is fully documented."""
    documents.one_at_a_time(party.org_id)
    is_statement = kind == DocumentKind.STATEMENT
    draft = statements.draft(party.org_id, party.currency, month) if is_statement else _draft(kind, party, month)
    if draft:
        documents.issue(draft)
    return draft is not None


def _draft(kind: DocumentKind, party: Party, month: date) -> Draft | None:
    """The oldest lines that no document tells yet; a credit note takes those that correct one and the same document."""
    found = _window(kind, month).subquery()
    mine = select(found).where(found.c.org_id == party.org_id, found.c.currency == party.currency)
    rows = (
        session()
        .execute(mine.order_by(found.c.corrects_id, found.c.at, found.c.entry_id).limit(documents.MOST_LINES))
        .all()
    )
    if not rows:
        return None
    corrects = rows[0].corrects_id
    lines = [_line(row) for row in rows if row.corrects_id == corrects]
    return Draft(kind, party.org_id, party.currency, lines, period=month, corrects=corrects)


def _window(kind: DocumentKind, month: date) -> Source:
    """What is dated in the month and on no document yet; also of the month before, if it was noticed too late."""
    found = (statements.untold() if kind == DocumentKind.STATEMENT else untold(kind)).subquery()
    since = documents.start_of(documents.preceding(month))
    within = select(found).where(found.c.at >= since, found.c.at < documents.end_of(month))
    return within.where(found.c.corrects_id.is_not(None)) if kind in documents.CORRECTED else within


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(
        entry_id=row.entry_id,
        reference_id=row.reference_id,
        at=row.at,
        what=row.what,
        title=row.title,
        price_cents=row.price_cents,
        fee_cents=row.fee_cents,
        reserve_cents=row.reserve_cents,
        amount_cents=row.amount_cents,
    )
