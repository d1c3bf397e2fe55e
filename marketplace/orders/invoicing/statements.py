"""Statements: an agency's payable account line by line, from the balance before to the balance after."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from marketplace.billing import documents
from marketplace.billing.documents import DocumentKind, Draft, Line
from marketplace.catalog.models import ListingVersion
from marketplace.kit.db import session
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from marketplace.orders.invoicing.sources import AGENCY, DEALS, RELEASED, Source, its_version, moved
from marketplace.orders.models import Order

_KIND = DocumentKind.STATEMENT


def untold() -> Source:
    """Movements of agencies' balances that stand on no statement yet."""
    found = _movements(LedgerAccount.owner_id.label("org_id"), LedgerAccount.currency).subquery()
    return select(found).where(~documents.is_told(_KIND, found.c.entry_id, found.c.reference_id))


def draft(org_id: UUID, currency: str, month: date) -> Draft | None:
    """An agency's next statement; None when all movements of the month are on one.

    What is dated in the month and was written behind the first movement of the next one stands on the next statement,
    so that each line's balance follows from the one before.
    """
    mine = _movements(LedgerPosting.id.label("posting_id")).where(
        LedgerAccount.owner_id == org_id, LedgerAccount.currency == currency, LedgerPosting.id > _last(org_id, currency)
    )
    rows = session().execute(mine.order_by(LedgerPosting.id).limit(documents.MOST_LINES)).all()
    end = documents.end_of(month)
    told: Sequence[Row[*tuple[Any, ...]]] = list(takewhile(lambda row: row.at < end, rows))
    if not told:
        return None
    opening = told[0].balance_cents - told[0].amount_cents
    return Draft(_KIND, org_id, currency, [_line(row) for row in told], period=month, opening=opening)


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    is_sale = row.what == RELEASED
    return Line(
        entry_id=row.entry_id,
        reference_id=row.reference_id,
        at=row.at,
        what=row.what,
        title=row.title,
        price_cents=row.price if is_sale else None,
        fee_cents=row.price - row.net if is_sale else None,
        reserve_cents=row.reserve if is_sale else None,
        amount_cents=row.amount_cents,
        balance_cents=row.balance_cents,
    )


def _movements(*columns: Any) -> Select[*tuple[Any, ...]]:
    about = func.coalesce(_holder(), LedgerEntry.reference_id)
    return (
        select(
            *columns,
            LedgerEntry.id.label("entry_id"),
            about.label("reference_id"),
            LedgerEntry.at.label("at"),
            LedgerEntry.kind.label("what"),
            func.coalesce(ListingVersion.terms["title"].astext, "").label("title"),
            moved((Account.HELD,)).label("price"),
            (-moved(AGENCY)).label("net"),
            (-moved((Account.SUPPLIER_RESERVE,))).label("reserve"),
            (-LedgerPosting.amount).label("amount_cents"),
            LedgerPosting.balance_after.label("balance_cents"),
        )
        .select_from(LedgerAccount)
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .outerjoin(DEALS, DEALS.c.id == about)
        .outerjoin(Order, Order.id == DEALS.c.order_id)
        .outerjoin(ListingVersion, its_version())
        .where(LedgerAccount.kind == Account.SUPPLIER_PAYABLE)
    )


def _holder() -> ColumnElement[Any]:
    """The order or sale whose held money the entry moves, if it does."""
    posting, account = aliased(LedgerPosting), aliased(LedgerAccount)
    return (
        select(account.owner_id)
        .join(posting, posting.account_id == account.id)
        .where(posting.entry_id == LedgerEntry.id, account.kind == Account.HELD)
        .limit(1)
        .correlate(LedgerEntry)
        .scalar_subquery()
    )


def _last(org_id: UUID, currency: str) -> int:
    """The last posting of the agency's balance that stands on a statement, 0 before the first."""
    entry_id = documents.last_told(_KIND, org_id, currency)
    if entry_id is None:
        return 0
    mine = and_(LedgerAccount.owner_id == org_id, LedgerAccount.kind == Account.SUPPLIER_PAYABLE)
    posting = select(LedgerPosting.id).join(LedgerAccount, and_(LedgerAccount.id == LedgerPosting.account_id, mine))
    return session().scalars(posting.where(LedgerPosting.entry_id == entry_id)).one()
