"""A document as its reader sees it, in the reader's language: page and PDF show the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from marketplace.billing.documents import wording
from marketplace.billing.documents.models import Document, DocumentKind, DocumentLine, Treatment
from marketplace.billing.documents.queries import Opened
from marketplace.billing.documents.rules import IN_THEIR_NAME
from marketplace.billing.documents.vat import Party
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import locale_code
from marketplace.kit.money import PER_BP, Money, format_money

K = DocumentKind


@dataclass(frozen=True, slots=True)
class Side:
    """A party with what it is on this document."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its day, its words, what it is about in small, its amounts; `carry` is the sum up to here."""

    day: str
    title: str
    about: tuple[str, ...]
    reference: UUID
    amounts: tuple[str, ...]
    carry: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is printed. `heads` names the columns of `amounts`, of which the last adds up."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    sides: tuple[Side, Side]
    heads: tuple[str, ...]
    rows: Sequence[Row]
    opening: tuple[str, str] | None
    sums: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    issuer: str
    issued_at: datetime
    language: str


def sheet_of(opened: Opened) -> Sheet:
    """The document for the reader of this request."""
    document = opened.document
    return Sheet(
        title=str(wording.KINDS[document.kind]),
        number=document.name,
        facts=tuple(_facts(opened)),
        sides=_sides(document),
        heads=tuple(heads_of(document.kind)),
        rows=_rows(opened),
        opening=_opening(document),
        sums=tuple(_sums(document)),
        notes=tuple(_notes(document)),
        issuer=", ".join(_address(Party.of(document.ours))),
        issued_at=document.issued_at,
        language=locale_code().replace("_", "-"),
    )


def heads_of(kind: str) -> list[str]:
    """The columns of amounts that a reader sees."""
    if kind == K.STATEMENT:
        return [_("Amount"), _("Balance")]
    if kind == K.SELF_BILL:
        return [_("Price"), _("Fee"), _("Amount")]
    return [_("Amount")]


def amounts_of(line: DocumentLine) -> list[int | None]:
    """A line's amounts in the order of `heads_of`, in minor units."""
    if line.kind == K.STATEMENT:
        return [line.amount_cents, line.balance_cents]
    if line.kind == K.SELF_BILL:
        return [line.price_cents, line.fee_cents, line.amount_cents]
    return [line.amount_cents]


def words_of(line: DocumentLine) -> str:
    """What kind of line it is."""
    return str(wording.LINES.get(line.what, wording.OTHER))


def period_of(document: Document) -> str:
    """The month that it is about: November 2026; nothing on a receipt."""
    return str(format_date(document.period, "LLLL y", locale=locale_code())) if document.period else ""


def _facts(opened: Opened) -> Iterable[tuple[str, str]]:
    document = opened.document
    yield _("Number"), document.name
    yield _("Issued"), _day(document.issued_at)
    if document.period:
        yield _("Period"), period_of(document)
    if opened.corrects:
        words = _("%(number)s of %(day)s", number=opened.corrects.name, day=_day(opened.corrects.issued_at))
        yield _("Corrects"), words
    if document.facts.get("payment"):
        yield _("Payment"), document.facts["payment"]
    yield _("Currency"), document.currency


def _sides(document: Document) -> tuple[Side, Side]:
    ours, theirs = Party.of(document.ours), Party.of(document.theirs)
    if document.kind in (K.RECEIPT, K.STATEMENT):
        return _side(_("From"), ours), _side(_("To"), theirs)
    supplier, customer = (theirs, ours) if document.kind in IN_THEIR_NAME else (ours, theirs)
    return _side(_("Supplier"), supplier), _side(_("Customer"), customer)


def _side(role: str, party: Party) -> Side:
    return Side(role, party.name, tuple(_address(party)[1:]))


def _address(party: Party) -> list[str]:
    country = Locale.parse(locale_code()).territories.get(party.country, party.country)
    number = _("VAT number %(number)s", number=party.vat_id) if party.vat_id else ""
    return [part for part in (party.name, *party.address.split("\n"), country, number) if part]


def _rows(opened: Opened) -> list[Row]:
    carried, rows = opened.document.opening_cents or 0, []
    for line in opened.lines:
        carried += line.amount_cents
        rows.append(_row(line, opened.document.currency, carried))
    return rows


def _row(line: DocumentLine, currency: str, carried: int) -> Row:
    return Row(
        day=_day(line.at),
        title=line.title or words_of(line),
        about=tuple(_about(line, currency)),
        reference=line.reference_id,
        amounts=tuple("" if cents is None else _money(cents, currency) for cents in amounts_of(line)),
        carry=_money(carried, currency),
    )


def _about(line: DocumentLine, currency: str) -> Iterable[str]:
    if line.title:
        yield words_of(line)
    if line.kind == K.STATEMENT and line.price_cents:
        parts = {_("price"): line.price_cents, _("fee"): line.fee_cents, _("reserve"): line.reserve_cents}
        yield ", ".join(f"{name} {_money(cents, currency)}" for name, cents in parts.items() if cents)
    yield str(line.reference_id)


def _opening(document: Document) -> tuple[str, str] | None:
    if document.opening_cents is None or document.period is None:
        return None
    return _("Balance before"), _money(document.opening_cents, document.currency)


def _sums(document: Document) -> Iterable[tuple[str, str]]:
    if document.treatment == Treatment.INCLUDED:
        rate = format_decimal(document.vat_bp * 100 / PER_BP, locale=locale_code())
        yield _("Without VAT"), format_money(document.net)
        yield _("VAT %(rate)s %%", rate=rate), format_money(document.vat)
    if document.kind == K.STATEMENT:
        yield _("Balance after"), format_money(document.total)
    else:
        yield _("Total"), format_money(document.total)


def _notes(document: Document) -> Iterable[str]:
    yield str(wording.NOTES[document.kind])
    if document.treatment in wording.VAT_NOTES:
        yield str(wording.VAT_NOTES[document.treatment])
    yield _("Days are counted in UTC.")


def _day(at: datetime) -> str:
    return str(format_date(at.astimezone(UTC).date(), "d MMM y", locale=locale_code()))


def _money(cents: int, currency: str) -> str:
    return format_money(Money(cents, currency))
