"""Reading documents: for their organisation, and what issuing still has to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from marketplace.billing.documents.models import Document, DocumentKind, DocumentLine, DocumentMonth
from marketplace.billing.documents.rules import following, month_of
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger.models import LedgerEntry
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its lines in order; `corrects` is the one that a credit note corrects."""

    document: Document
    lines: Sequence[DocumentLine]
    corrects: Document | None


def find_for(who: Who, document_id: UUID) -> Document:
    """One of an organisation's own documents. Raises NotFound, Forbidden."""
    found = session().scalar(select(Document).where(Document.id == document_id, _visible_to(who)))
    if found is None:
        raise NotFound
    return found


def open_for(who: Who, document_id: UUID) -> Opened:
    """The same with its lines. Raises NotFound, Forbidden."""
    document = find_for(who, document_id)
    lines = select(DocumentLine).where(DocumentLine.document_id == document.id).order_by(DocumentLine.position)
    corrects = session().get_one(Document, document.corrects_id) if document.corrects_id else None
    return Opened(document, session().scalars(lines).all(), corrects)


def documents_for(who: Who, ask: Ask, *, kind: str = "", year: int | None = None) -> Page[Document]:
    """An organisation's documents, newest first, those of a kind or of a year of issue if wanted. Raises Forbidden."""
    statement = select(Document).where(_visible_to(who))
    if kind:
        statement = statement.where(Document.kind == kind)
    if year is not None:
        statement = statement.where(Document.year == year)
    return page(statement, ask, by=[Document.id], key=lambda each: [each.id])


def counts_for(who: Who) -> dict[tuple[str, int], int]:
    """How many documents an organisation has of each kind in each year: {(kind, year): count}."""
    counted = select(Document.kind, Document.year, func.count()).where(_visible_to(who))
    rows = session().execute(counted.group_by(Document.kind, Document.year))
    return {(kind, year): count for kind, year, count in rows}


def corrections_of(document: Document) -> Sequence[Document]:
    """The credit notes to a document, oldest first; it was found for somebody before."""
    return session().scalars(select(Document).where(Document.corrects_id == document.id).order_by(Document.id)).all()


def is_told(kind: DocumentKind, entry_id: ColumnElement[UUID] | Any, reference_id: Any) -> ColumnElement[bool]:
    """Whether an entry, as it concerns this order, stands on a document of this kind."""
    line = aliased(DocumentLine)
    return exists().where(line.kind == kind, line.entry_id == entry_id, line.reference_id == reference_id)


def month_to_issue() -> date | None:
    """The first month whose documents are not all issued yet, None while nothing has ever happened."""
    last = session().scalar(select(func.max(DocumentMonth.month)))
    if last:
        return following(last)
    first = session().scalar(select(LedgerEntry.at).order_by(LedgerEntry.id).limit(1))
    return month_of(first) if first else None


def last_told(kind: DocumentKind, org_id: UUID, currency: str) -> UUID | None:
    """The entry of the last line that an organisation's documents of a kind tell, None before the first."""
    newest = (
        select(Document.id)
        .where(Document.org_id == org_id, Document.kind == kind, Document.currency == currency)
        .order_by(Document.year.desc(), Document.number.desc())
        .limit(1)
    )
    lines = select(DocumentLine.entry_id).where(DocumentLine.document_id == newest.scalar_subquery())
    return session().scalar(lines.order_by(DocumentLine.position.desc()).limit(1))


def _visible_to(who: Who) -> ColumnElement[bool]:
    who.need(Power.WALLET_READ if who.is_buyer else Power.BALANCE_READ)
    return Document.org_id == who.org_id
