"""Documents of a buyer or an agency: the list, one of them, and its files."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from marketplace import orders
from marketplace.billing import documents
from marketplace.billing.documents import Document, DocumentKind, Opened, wording
from marketplace.kit.paging import Ask
from marketplace.people import Power, Who
from marketplace.web.session import who

blueprint = Blueprint("documents", __name__, url_prefix="/documents")

_ROWS, _LINES = 25, 200


@blueprint.get("")
def index() -> str:
    reader = who()
    counts = documents.counts_for(reader)
    kind, year = _chosen()
    page = documents.documents_for(reader, Ask(request.args.get("cursor"), _ROWS), kind=kind, year=year)
    return render_template(
        "documents/index.html",
        page=page,
        kinds=_kinds(counts, year),
        years=_years(counts, kind),
        kind=kind,
        year=year,
        is_first="cursor" not in request.args,
        has_any=bool(counts),
        has_details=documents.has_details(reader),
        can_give_details=reader.can(Power.WALLET_WRITE if reader.is_buyer else Power.BALANCE_WRITE),
        names=wording.KINDS,
        period_of=documents.period_of,
        home=_home_of(reader),
    )


@blueprint.get("/<uuid:document_id>")
def show(document_id: UUID) -> str:
    reader = who()
    opened = documents.open_for(reader, document_id)
    return render_template(
        "documents/show.html",
        document=opened.document,
        sheet=documents.sheet_of(opened),
        corrections=documents.corrections_of(opened.document),
        most=_LINES,
        links=_links(reader, opened),
        home=_home_of(reader),
    )


@blueprint.get("/<uuid:document_id>.pdf")
def pdf(document_id: UUID) -> Response:
    opened = documents.open_for(who(), document_id)
    return _file(opened.document, documents.pdf_of(documents.sheet_of(opened)), "pdf", "application/pdf")


@blueprint.get("/<uuid:document_id>.csv")
def table(document_id: UUID) -> Response:
    opened = documents.open_for(who(), document_id)
    return _file(opened.document, b"".join(documents.csv_of(opened)), "csv", "text/csv; charset=utf-8")


def _home_of(reader: Who) -> str:
    """Where documents hang: the wallet of a buyer, the earnings of an agency."""
    return "wallet.show" if reader.is_buyer else "balance.show"


def _links(reader: Who, opened: Opened) -> dict[UUID, str]:
    """Where the lines that are shown lead: the top-up, the order of a buyer, the lead of an agency."""
    about = [line.reference_id for line in opened.lines[:_LINES]]
    if opened.document.kind == DocumentKind.RECEIPT:
        return {each: url_for("wallet.paid", top_up_id=each) for each in about}
    if not reader.can(Power.ORDERS_READ if reader.is_buyer else Power.LEADS_READ):
        return {}
    causes = orders.lines_of(reader, about)
    if reader.is_buyer:
        return {each: url_for("orders.show", order_id=each) for each in causes}
    return {each: url_for("leads.show", lead_id=line.lead.id) for each, line in causes.items()}


def _chosen() -> tuple[str, int | None]:
    """Kind and year of the address, as far as there are such."""
    kind, year = request.args.get("kind", ""), request.args.get("year", "")
    is_year = year.isascii() and year.isdecimal() and len(year) == len("2026")
    return (kind if kind in set(DocumentKind) else ""), (int(year) if is_year else None)


def _kinds(counts: dict[tuple[str, int], int], year: int | None) -> list[dict[str, Any]]:
    """The kinds that there are, with how many of the year."""
    sums: dict[str, int] = {}
    for (kind, of), count in counts.items():
        sums[kind] = sums.get(kind, 0) + (count if year in (None, of) else 0)
    return [{"value": kind, "label": wording.KINDS[kind], "count": sums[kind]} for kind in DocumentKind if kind in sums]


def _years(counts: dict[tuple[str, int], int], kind: str) -> list[dict[str, Any]]:
    """The years that there are, the newest first, with how many of the kind."""
    sums: dict[int, int] = {}
    for (of, year), count in counts.items():
        sums[year] = sums.get(year, 0) + (count if kind in ("", of) else 0)
    return [{"value": str(year), "label": str(year), "count": sums[year]} for year in sorted(sums, reverse=True)]


def _file(document: Document, content: bytes, ending: str, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
