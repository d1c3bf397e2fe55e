"""Issuing documents: the number is taken inside the transaction that writes the document, so that none is lost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.billing.documents import rules
from marketplace.billing.documents.company import company
from marketplace.billing.documents.details import party_of
from marketplace.billing.documents.errors import CorrectsTooMuch
from marketplace.billing.documents.models import (
    Document,
    DocumentKind,
    DocumentLine,
    DocumentMonth,
    DocumentSeries,
    Treatment,
)
from marketplace.billing.documents.vat import Party, Vat
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.ledger import Account, credit, debit, post


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document to be; amounts in minor units, see `DocumentLine`."""

    entry_id: UUID
    reference_id: UUID
    at: datetime
    what: str
    amount_cents: int
    title: str = ""
    price_cents: int | None = None
    fee_cents: int | None = None
    reserve_cents: int | None = None
    balance_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document is to say. `corrects`: the document that a credit note corrects; `opening`: of a statement."""

    kind: DocumentKind
    org_id: UUID
    currency: str
    lines: Sequence[Line]
    period: date | None = None
    corrects: UUID | None = None
    opening: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def issue(draft: Draft) -> Document:
    """Write a document with the next number of its series; it never changes again.

    Raises:
        CorrectsTooMuch: a credit note over more than is left of what it corrects.
    """
    theirs, issued_at = party_of(draft.org_id), clock.now()
    total = (draft.opening or 0) + sum(line.amount_cents for line in draft.lines)
    vat, vat_cents = _vat(draft, theirs, total)
    year = issued_at.astimezone(UTC).year
    document = Document(
        id=new_id(),
        kind=draft.kind,
        year=year,
        number=_next_number(draft.kind, year),
        org_id=draft.org_id,
        currency=draft.currency,
        period=draft.period,
        corrects_id=draft.corrects,
        ours=company().party.to_json(),
        theirs=theirs.to_json(),
        treatment=vat.treatment,
        vat_bp=vat.rate_bp,
        vat_cents=vat_cents,
        opening_cents=draft.opening,
        total_cents=total,
        facts=draft.facts,
        issued_at=issued_at,
    )
    session().add(document)
    session().flush()
    session().execute(insert(DocumentLine), _rows(document, draft.lines))
    _book_vat(document)
    record("document.issued", document.id, by=SYSTEM, orgs=[document.org_id], kind=document.kind, number=document.name)
    return document


def close_month(month: date) -> None:
    """Write down that all documents of a month are issued; a second time changes nothing."""
    session().execute(upsert(DocumentMonth).values(month=month, closed_at=clock.now()).on_conflict_do_nothing())


def _next_number(kind: DocumentKind, year: int) -> int:
    """Lock the series and count up; a transaction that is rolled back gives the number back."""
    counted = upsert(DocumentSeries).values(kind=kind, year=year, last=1)
    counted = counted.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": DocumentSeries.last + 1})
    return session().execute(counted.returning(DocumentSeries.last)).scalar_one()


def _rows(document: Document, lines: Sequence[Line]) -> list[dict[str, Any]]:
    same = {"document_id": document.id, "kind": document.kind}
    return [{**same, "position": position, **asdict(line)} for position, line in enumerate(lines, start=1)]


def _vat(draft: Draft, theirs: Party, total: int) -> tuple[Vat, int]:
    """The treatment, and how much of the total is VAT. A credit note follows what it corrects, to the last cent."""
    us = company()
    if draft.corrects is None:
        vat = rules.vat_of(draft.kind, us.party, theirs, us.rates)
        return vat, rules.vat_of_part(vat, 0, total)
    corrected = session().get_one(Document, draft.corrects)
    vat = Vat(Treatment(corrected.treatment), corrected.vat_bp)
    told = select(func.coalesce(func.sum(Document.total_cents), 0)).where(Document.corrects_id == corrected.id)
    before = int(session().scalar(told) or 0)
    if before + total > corrected.total_cents:
        raise CorrectsTooMuch
    return vat, rules.vat_of_part(vat, before, total)


def _book_vat(document: Document) -> None:
    """VAT in our prices is owed to the tax office; VAT in an agency's price comes back from there."""
    raises = document.kind in (DocumentKind.INVOICE, DocumentKind.SELF_BILL_CREDIT)
    owed, revenue = (credit, debit) if raises else (debit, credit)
    if document.vat_cents:
        post(
            "vat",
            key=f"document:{document.id}:vat",
            reference=document.id,
            currency=document.currency,
            lines=[owed(Account.TAX_PAYABLE, document.vat_cents), revenue(Account.FEE_REVENUE, document.vat_cents)],
            by=SYSTEM,
        )
