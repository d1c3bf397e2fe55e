"""Issuing what is due: a transaction for each document, so that whatever stops it, the next run goes on from there."""

from datetime import date
from uuid import UUID

import structlog

from marketplace.billing import documents
from marketplace.billing.documents import DocumentKind
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.orders.invoicing.month import Party, issue_next, month_due, parties, steps

log = structlog.get_logger()


def issue_documents() -> None:
    """The documents of every month that is over, one month after the other."""
    while month := _month_due():
        _issue_receipts(month)
        for kind in steps():
            _issue(kind, month)
        with transaction():
            documents.close_month(month)


def _month_due() -> date | None:
    with transaction():
        return month_due()


def _issue_receipts(month: date) -> None:
    """Receipts come with their payments; here are those whose news was lost."""
    while missing := _without_receipt(month):
        for top_up_id in missing:
            with transaction():
                documents.issue_receipt(top_up_id)


def _without_receipt(month: date) -> list[UUID]:
    with transaction():
        return documents.missing_receipts(month)


def _issue(kind: DocumentKind, month: date) -> None:
    """What is refused stays for people to look at (invariants D3 and D4 name it) and stops no other."""
    with transaction():
        waiting = parties(kind, month)
    for party in waiting:
        try:
            _issue_all(kind, party, month)
        except Refusal as why:
            log.error("document.not_issued", kind=kind, org=str(party.org_id), why=why.code)  # noqa: TRY400  # the code says it all


def _issue_all(kind: DocumentKind, party: Party, month: date) -> None:
    is_told = False
    while not is_told:
        with transaction():
            is_told = not issue_next(kind, party, month)
