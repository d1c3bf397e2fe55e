"""The letter that a document is there: to those who look after the organisation's money."""

from uuid import UUID

from marketplace.billing import documents
from marketplace.billing.documents import wording
from marketplace.kit.db import session
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.people import OrgKind, Power, queries


def document_issued(document_id: UUID) -> None:
    """To those who top up a buyer's wallet, or have an agency's balance paid out."""
    document = session().get_one(documents.Document, document_id)
    is_buyer = queries.card(document.org_id).kind == OrgKind.BUYER
    event_id = last_event(document_id, "document.issued")
    title, about = wording.KINDS[document.kind], wording.ABOUT[document.kind]
    for to in queries.addressees(document.org_id, Power.WALLET_WRITE if is_buyer else Power.BALANCE_WRITE):
        write("document_issued", to, event_id, document=document, title=title, about=about)
