"""Pure decisions about documents: months, what may be corrected by what, how VAT of a credit note is found."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from marketplace.billing.documents.models import DocumentKind, Treatment
from marketplace.billing.documents.vat import NO_SUPPLY, Party, Vat, vat_between, vat_in

K = DocumentKind
#: a month with more lines is told on several documents
MOST_LINES = 1_000
#: what was under way at midnight has been committed by then
CLOSES_AFTER = timedelta(hours=1)

#: which kind a credit note corrects
CORRECTED: Mapping[DocumentKind, DocumentKind] = {K.CREDIT_NOTE: K.INVOICE, K.SELF_BILL_CREDIT: K.SELF_BILL}
#: documents that the agency would write and that we write for it
IN_THEIR_NAME = frozenset({K.SELF_BILL, K.SELF_BILL_CREDIT})
_SUPPLIES = frozenset({K.INVOICE, K.SELF_BILL})


def month_of(at: datetime) -> date:
    """The first day of the month (UTC) that a moment is in."""
    return at.astimezone(UTC).date().replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def preceding(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def start_of(month: date) -> datetime:
    """The moment at which a month begins, UTC."""
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def end_of(month: date) -> datetime:
    """The moment at which a month is over, UTC; it belongs to the next one."""
    return start_of(following(month))


def is_over(month: date, now: datetime) -> bool:
    """Whether a month's documents may be issued."""
    return now >= end_of(month) + CLOSES_AFTER


def vat_of(kind: DocumentKind, ours: Party, theirs: Party, rates: Mapping[str, int]) -> Vat:
    """How VAT stands on a new document that corrects no other.

    Our rates count for what we sell; an agency charges them only in the country that both are in.
    """
    if kind not in _SUPPLIES:
        return NO_SUPPLY
    if kind == K.INVOICE:
        return vat_between(ours, theirs, rates)
    return vat_between(theirs, ours, {code: rate for code, rate in rates.items() if code == theirs.country})


def vat_of_part(vat: Vat, before: int, part: int) -> int:
    """The VAT in one more part of a price of which `before` has been told already: all parts add up to the whole's.

    before, part: minor units, >= 0.
    """
    if vat.treatment != Treatment.INCLUDED:
        return 0
    return vat_in(before + part, vat.rate_bp) - vat_in(before, vat.rate_bp)
