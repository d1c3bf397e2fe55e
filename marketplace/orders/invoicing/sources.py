"""Which entries of the ledger stand on which kind of document: one query a kind, all with the same columns.

`org_id` is whose document it is, `reference_id` the order or the sale (or what else the entry is about), `corrects_id`
the document that a credit note corrects. Amounts are in minor units, never negative.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, func, literal, select, union_all
from sqlalchemy.orm import aliased

from marketplace.billing.documents import DocumentKind, DocumentLine, is_told
from marketplace.catalog.models import ListingVersion
from marketplace.ledger import Account
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from marketplace.orders.models import Order
from marketplace.orders.sales.models import Sale

K, A = DocumentKind, Account
Source = Select[*tuple[Any, ...]]

#: kinds of entries that put money into an order, and those that give it back to the buyer
SOLD = ("hold", "commission")
GIVEN_BACK = ("refund", "sale_reversal", "cb_lost")
#: kinds that an agency earns by, with and without an order's held money
RELEASED, AWARDED = "release", "appeal_award"
#: taken from the agency and given to the buyer after the release
TAKEN_BACK = "claw_back"
#: by hand, with two persons and a reason: their documents are written by hand too
BY_HAND = ("adjustment", "reversal")

#: what holds money: an order, or a sale of an order that is paid by the sale
DEALS = union_all(
    select(Order.id.label("id"), Order.id.label("order_id"), Order.buyer_id, Order.agency_id),
    select(Sale.id, Sale.order_id, Sale.buyer_id, Sale.agency_id),
).subquery("deals")

AGENCY = (A.SUPPLIER_PAYABLE, A.SUPPLIER_RESERVE, A.SUPPLIER_RECEIVABLE)
_BUYER = (A.WALLET_CASH, A.WALLET_PROMO, A.WALLET_FROZEN, A.BUYER_RECEIVABLE)
_NO_CENTS = literal(None, BigInteger)
_TITLE = ListingVersion.terms["title"].astext


def sold() -> Source:
    """Invoices: what a buyer paid into its orders."""
    return _held(DEALS.c.buyer_id, -LedgerPosting.amount).where(LedgerEntry.kind.in_(SOLD), LedgerPosting.amount < 0)


def given_back() -> Source:
    """Credit notes: what a buyer got back of them, before and after the release."""
    amount = LedgerPosting.amount
    before = _held(DEALS.c.buyer_id, amount, corrected=K.INVOICE).where(LedgerEntry.kind.in_(GIVEN_BACK), amount > 0)
    after = _about_orders(Order.buyer_id, -moved(_BUYER), K.INVOICE)
    return _all(before, after)


def earned() -> Source:
    """Self-billing invoices: what an agency's leads brought it, less our fee."""
    net = -moved(AGENCY)
    released = _held(
        DEALS.c.agency_id,
        net,
        price=LedgerPosting.amount,
        fee=LedgerPosting.amount - net,
        reserve=-moved((A.SUPPLIER_RESERVE,)),
    ).where(LedgerEntry.kind == RELEASED, LedgerPosting.amount > 0)
    return _all(released, _awarded())


def taken_back() -> Source:
    """Self-billing credit notes: what an agency had to give back after the release."""
    return _about_orders(Order.agency_id, moved(AGENCY), K.SELF_BILL)


#: where the lines of each kind come from, in the order of issuing: what is corrected before what corrects
SOURCES: Mapping[DocumentKind, Callable[[], Source]] = {
    K.INVOICE: sold,
    K.CREDIT_NOTE: given_back,
    K.SELF_BILL: earned,
    K.SELF_BILL_CREDIT: taken_back,
}


def untold(kind: DocumentKind) -> Source:
    """Lines that stand on no document of the kind yet."""
    found = SOURCES[kind]().subquery()
    is_on_one = is_told(kind, found.c.entry_id, found.c.reference_id)
    return select(found).where(~is_on_one, found.c.amount_cents > 0)


def _held(
    org: Any,
    amount: Any,
    *,
    price: Any = _NO_CENTS,
    fee: Any = _NO_CENTS,
    reserve: Any = _NO_CENTS,
    corrected: DocumentKind | None = None,
) -> Source:
    """Postings on the held money of orders and sales."""
    columns = _columns(org, DEALS.c.id, amount, _TITLE, price=price, fee=fee, reserve=reserve, corrected=corrected)
    return (
        select(*columns)
        .select_from(DEALS)
        .join(LedgerAccount, and_(LedgerAccount.owner_id == DEALS.c.id, LedgerAccount.kind == A.HELD))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .join(Order, Order.id == DEALS.c.order_id)
        .join(ListingVersion, its_version())
    )


def _about_orders(org: Any, amount: ColumnElement[Any], corrected: DocumentKind) -> Source:
    """Entries about an order whose held money has left already."""
    return (
        select(*_columns(org, Order.id, amount, _TITLE, corrected=corrected))
        .select_from(Order)
        .join(LedgerEntry, LedgerEntry.reference_id == Order.id)
        .join(ListingVersion, its_version())
        .where(LedgerEntry.kind == TAKEN_BACK)
    )


def _awarded() -> Source:
    """What an agency got without an order's held money, by its own account."""
    owner = LedgerAccount.owner_id
    amount = -func.sum(LedgerPosting.amount)
    title = func.coalesce(func.min(_TITLE), "")
    return (
        select(*_columns(owner, LedgerEntry.reference_id, amount, title))
        .select_from(LedgerAccount)
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .outerjoin(Order, Order.id == LedgerEntry.reference_id)
        .outerjoin(ListingVersion, its_version())
        .where(
            LedgerEntry.kind == AWARDED,
            LedgerAccount.kind.in_((A.SUPPLIER_PAYABLE, A.SUPPLIER_RECEIVABLE)),
        )
        .group_by(LedgerEntry.id, owner)
    )


def _columns(
    org: Any,
    reference: Any,
    amount: Any,
    title: Any,
    *,
    price: Any = _NO_CENTS,
    fee: Any = _NO_CENTS,
    reserve: Any = _NO_CENTS,
    corrected: DocumentKind | None = None,
) -> list[Any]:
    return [
        org.label("org_id"),
        LedgerEntry.currency.label("currency"),
        LedgerEntry.id.label("entry_id"),
        reference.label("reference_id"),
        LedgerEntry.at.label("at"),
        LedgerEntry.kind.label("what"),
        title.label("title"),
        price.label("price_cents"),
        fee.label("fee_cents"),
        reserve.label("reserve_cents"),
        amount.label("amount_cents"),
        (_corrected(corrected, reference, amount) if corrected else literal(None, Uuid)).label("corrects_id"),
    ]


def moved(accounts: tuple[Account, ...]) -> ColumnElement[Any]:
    """What the entry moved on these accounts in all: debits positive, credits negative."""
    posting, account = aliased(LedgerPosting), aliased(LedgerAccount)
    return (
        select(func.coalesce(func.sum(posting.amount), 0))
        .join(account, account.id == posting.account_id)
        .where(posting.entry_id == LedgerEntry.id, account.kind.in_(accounts))
        .correlate(LedgerEntry)
        .scalar_subquery()
    )


def _corrected(kind: DocumentKind, deal_id: Any, amount: Any) -> ColumnElement[Any]:
    """The document of a kind that covers the order or sale before the entry.

    Where there are several (a commission paid in parts), it is one that told of as much, failing that the newest.
    """
    return (
        select(DocumentLine.document_id)
        .where(DocumentLine.kind == kind, DocumentLine.reference_id == deal_id, DocumentLine.at <= LedgerEntry.at)
        .order_by((DocumentLine.amount_cents >= amount).desc(), DocumentLine.at.desc())
        .limit(1)
        .correlate(LedgerEntry, LedgerPosting, Order, DEALS)
        .scalar_subquery()
    )


def its_version() -> ColumnElement[bool]:
    return and_(ListingVersion.listing_id == Order.listing_id, ListingVersion.number == Order.listing_version)


def _all(*parts: Source) -> Source:
    together = union_all(*parts).subquery()
    return select(together)
