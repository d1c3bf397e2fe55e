"""A document as CSV: one row a line, amounts in the reader's form without signs or grouping, so that they add up."""

from collections.abc import Iterable, Iterator

from babel.numbers import format_decimal

from marketplace.billing.documents.models import Document, DocumentKind
from marketplace.billing.documents.queries import Opened
from marketplace.billing.documents.sheet import words_of
from marketplace.kit.csv_export import csv_chunks
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code
from marketplace.kit.money import Money, exponent


def csv_of(opened: Opened) -> Iterator[bytes]:
    """The lines, then the sums; nothing in it is read as a formula."""
    heads = [
        _("Document"), _("Day"), _("Line"), _("What"), _("About"), _("Reference"), _("Price"), _("Fee"), _("Reserve"),
        _("Amount"), _("Balance"), _("Currency"),
    ]  # fmt: skip
    return csv_chunks(heads, _rows(opened))


def _rows(opened: Opened) -> Iterable[list[str]]:
    document = opened.document
    for line in opened.lines:
        amounts = (line.price_cents, line.fee_cents, line.reserve_cents, line.amount_cents, line.balance_cents)
        yield [
            document.name,
            line.at.date().isoformat(),
            str(line.position),
            words_of(line),
            line.title,
            str(line.reference_id),
            *(_plain(cents, document.currency) for cents in amounts),
            document.currency,
        ]
    if document.vat_cents:
        yield _sum(document, _("of which VAT"), document.vat_cents)
    yield _sum(document, _("Total"), document.total_cents)


def _sum(document: Document, words: str, cents: int) -> list[str]:
    """A row below the lines; the sum of a statement is its balance."""
    amount = _plain(cents, document.currency)
    ends = ["", amount] if document.kind == DocumentKind.STATEMENT else [amount, ""]
    day = document.issued_at.date().isoformat()
    return [document.name, day, "", words, "", str(document.id), "", "", "", *ends, document.currency]


def _plain(cents: int | None, currency: str) -> str:
    if cents is None:
        return ""
    digits = exponent(currency)
    shape = "0" + ("." + "0" * digits if digits else "")
    return format_decimal(Money(cents, currency).decimal, format=shape, locale=locale_code(), group_separator=False)
