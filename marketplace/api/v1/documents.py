"""Documents of a buyer or an agency, as data and as files; and how they are made out."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from marketplace.api.caller import caller
from marketplace.api.resource import Resource
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import documents
from marketplace.billing.documents import BillingDetails, Document
from marketplace.billing.documents.schemas import (
    KINDS,
    BillingDetailsIn,
    BillingDetailsOut,
    DocumentOut,
    WholeDocumentOut,
)
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("documents", "Documents")

_FIRST_YEAR, _LAST_YEAR = 2000, 9999
_PDF = {"type": "string", "format": "binary"}


class DocumentsIn(PageIn):
    kind = fields.String(load_default="", validate=validate.OneOf(KINDS))
    year = fields.Integer(
        load_default=None,
        validate=validate.Range(_FIRST_YEAR, _LAST_YEAR),
        metadata={"description": "The year in which it was issued."},
    )


@resource.get("/documents")
@resource.arguments(DocumentsIn, location="query")
@resource.response(200, page_of(DocumentOut))
def all_documents(query: dict[str, Any]) -> Page[Document]:
    """Your receipts, invoices, credit notes, self-billing documents and statements, newest first"""
    return documents.documents_for(caller(), query["ask"], kind=query["kind"], year=query["year"])


@resource.get("/documents/<uuid:document_id>")
@resource.response(200, WholeDocumentOut)
def one_document(document_id: UUID) -> dict[str, Any]:
    """A document with its parties and lines"""
    opened = documents.open_for(caller(), document_id)
    return {"document": opened.document, "lines": opened.lines}


@resource.get("/documents/<uuid:document_id>.pdf")
@resource.response(200, _PDF, content_type="application/pdf", description="The document")
def pdf(document_id: UUID) -> Response:
    """A document as PDF, in the language that you accept"""
    opened = documents.open_for(caller(), document_id)
    return _file(opened.document, documents.pdf_of(documents.sheet_of(opened)), "pdf", "application/pdf")


@resource.get("/documents/<uuid:document_id>.csv")
@resource.response(200, {"type": "string"}, content_type="text/csv", description="One row a line, then the sums")
def table(document_id: UUID) -> Response:
    """A document as CSV, amounts in the form of the language that you accept"""
    opened = documents.open_for(caller(), document_id)
    return _file(opened.document, b"".join(documents.csv_of(opened)), "csv", "text/csv; charset=utf-8")


@resource.get("/billing-details")
@resource.response(200, BillingDetailsOut)
def details() -> BillingDetails:
    """Under which name, address and VAT number your documents are made out"""
    return documents.details_for(caller())


@resource.put("/billing-details")
@resource.arguments(BillingDetailsIn)
@resource.response(200, BillingDetailsOut)
def give_details(given: dict[str, Any]) -> BillingDetails:
    """Say how your documents are made out from now on

    Documents that were issued stay as they are.
    """
    with transaction():
        return documents.give_details(caller(), **given)


def _file(document: Document, content: bytes, ending: str, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name}.{ending}"'
    return response
