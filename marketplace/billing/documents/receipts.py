"""Receipts: one for each top-up that was paid."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from marketplace.billing.documents.actions import Draft, Line, issue
from marketplace.billing.documents.models import Document, DocumentKind
from marketplace.billing.documents.queries import is_told
from marketplace.billing.documents.rules import end_of, preceding, start_of
from marketplace.billing.models import TopUp, TopUpState
from marketplace.billing.turns import one_at_a_time
from marketplace.kit.db import session
from marketplace.ledger.models import LedgerEntry

_AT_ONCE = 50


def issue_receipt(top_up_id: UUID) -> Document | None:
    """The receipt for a paid top-up; None when it has one or was not paid."""
    top_up = session().get_one(TopUp, top_up_id)
    one_at_a_time(top_up.org_id)
    entry = (
        session()
        .scalars(
            select(LedgerEntry).where(
                LedgerEntry.reference_id == top_up_id,
                LedgerEntry.kind == "topup",
                ~is_told(DocumentKind.RECEIPT, LedgerEntry.id, top_up_id),
            )
        )
        .one_or_none()
    )
    if entry is None:
        return None
    line = Line(entry.id, top_up_id, entry.at, "topup", top_up.amount_cents)
    facts = {"payment": top_up.payment_intent_id}
    return issue(Draft(DocumentKind.RECEIPT, top_up.org_id, top_up.currency, [line], facts=facts))


def missing_receipts(month: date) -> list[UUID]:
    """Up to 50 top-ups paid in the month, or in the one before, whose news was lost on the way to their receipt."""
    paid = (
        select(TopUp.id)
        .join(LedgerEntry, LedgerEntry.reference_id == TopUp.id)
        .where(
            TopUp.state == TopUpState.SUCCEEDED,
            TopUp.credited_at >= start_of(preceding(month)),
            TopUp.credited_at < end_of(month),
            LedgerEntry.kind == "topup",
            ~is_told(DocumentKind.RECEIPT, LedgerEntry.id, TopUp.id),
        )
    )
    return list(session().scalars(paid.order_by(TopUp.credited_at).limit(_AT_ONCE)))
