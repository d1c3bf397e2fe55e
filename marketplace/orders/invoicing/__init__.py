"""What each month's documents tell: collected from orders and the ledger, written by `billing.documents`.

Every credit to an order's held money is invoiced to the buyer, every debit of it is either self-billed to the agency
(less our fee) or on a credit note. Each stands on exactly one document, whenever it was noticed.
"""

from marketplace.orders.invoicing.month import issue_next, month_due, parties
from marketplace.orders.invoicing.run import issue_documents

__all__ = ["issue_documents", "issue_next", "month_due", "parties"]
