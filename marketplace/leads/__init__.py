"""Leads: how they come in, how the same person is recognised, who may read a contact, and when a lead's life ends."""

from marketplace.leads import holds, twins
from marketplace.leads.actions import Received, expire_due, receive, send, stop_person, withdraw
from marketplace.leads.contact import Contact, end_call, let_call, open_contact
from marketplace.leads.models import ContactRight, Import, ImportState, Lead, LeadState
from marketplace.leads.queries import (
    counts_by_listing,
    counts_by_state,
    find_for,
    first_of_import,
    first_rejected,
    import_for,
    imports_for,
    leads_for,
    on_sale_for,
    reasons_of,
)
from marketplace.leads.requalify import history_of, requalify
from marketplace.leads.scored import lock_unscored, lock_unsold, mark_scored
from marketplace.leads.traces import Repeated, repeated
from marketplace.leads.withdrawals import is_withdrawn, withdrawn_at

__all__ = [
    "Contact",
    "ContactRight",
    "Import",
    "ImportState",
    "Lead",
    "LeadState",
    "Received",
    "Repeated",
    "counts_by_listing",
    "counts_by_state",
    "end_call",
    "expire_due",
    "find_for",
    "first_of_import",
    "first_rejected",
    "history_of",
    "holds",
    "import_for",
    "imports_for",
    "is_withdrawn",
    "leads_for",
    "let_call",
    "lock_unscored",
    "lock_unsold",
    "mark_scored",
    "on_sale_for",
    "open_contact",
    "reasons_of",
    "receive",
    "repeated",
    "requalify",
    "send",
    "stop_person",
    "twins",
    "withdraw",
    "withdrawn_at",
]
