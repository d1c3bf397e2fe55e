"""Documents: receipts, invoices, credit notes, self-billing invoices, statements.

Each has a number without gaps, says what the ledger says, keeps the parties as they were, and never changes. What a
document tells comes in as values (`Draft`); who asks for it knows where they come from.
"""

from marketplace.billing.documents.actions import Draft, Line, close_month, issue
from marketplace.billing.documents.company import BadCompany, Company, company, issue_as, read_company
from marketplace.billing.documents.details import details_for, give_details, has_details
from marketplace.billing.documents.models import BillingDetails, Document, DocumentKind, DocumentLine, Treatment
from marketplace.billing.documents.pdf import pdf_of
from marketplace.billing.documents.queries import (
    Opened,
    corrections_of,
    counts_for,
    documents_for,
    find_for,
    is_told,
    last_told,
    month_to_issue,
    open_for,
)
from marketplace.billing.documents.receipts import issue_receipt, missing_receipts
from marketplace.billing.documents.rules import CORRECTED, MOST_LINES, end_of, is_over, preceding, start_of
from marketplace.billing.documents.sheet import Sheet, period_of, sheet_of
from marketplace.billing.documents.table import csv_of
from marketplace.billing.turns import one_at_a_time

__all__ = [
    "CORRECTED",
    "MOST_LINES",
    "BadCompany",
    "BillingDetails",
    "Company",
    "Document",
    "DocumentKind",
    "DocumentLine",
    "Draft",
    "Line",
    "Opened",
    "Sheet",
    "Treatment",
    "close_month",
    "company",
    "corrections_of",
    "counts_for",
    "csv_of",
    "details_for",
    "documents_for",
    "end_of",
    "find_for",
    "give_details",
    "has_details",
    "is_over",
    "is_told",
    "issue",
    "issue_as",
    "issue_receipt",
    "last_told",
    "missing_receipts",
    "month_to_issue",
    "one_at_a_time",
    "open_for",
    "pdf_of",
    "period_of",
    "preceding",
    "read_company",
    "sheet_of",
    "start_of",
]
