"""A document as PDF: the same bytes for the same document and language, whenever and wherever it is made."""

from marketplace.billing.documents.pdf.draw import pdf_of

__all__ = ["pdf_of"]
