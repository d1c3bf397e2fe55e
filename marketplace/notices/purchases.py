"""The letter about a card that has paid for a lead which could not be bought any more."""

from uuid import UUID

from marketplace.billing import TopUp, repaid_by
from marketplace.kit.db import session
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.orders.errors import refusal_of_word
from marketplace.orders.intents import PurchaseIntent
from marketplace.people import Power, queries


def purchase_refused(top_up_id: UUID) -> None:
    """To those of the buyer who may pay: why, and where the money is."""
    event_id = last_event(top_up_id, "intent.refused")
    top_up, intent = session().get_one(TopUp, top_up_id), session().get_one(PurchaseIntent, top_up_id)
    why = refusal_of_word(intent.refused or "")
    repaid = repaid_by(top_up)
    for to in queries.addressees(top_up.org_id, Power.WALLET_WRITE):
        write("purchase_refused", to, event_id, top_up=top_up, intent=intent, why=why, repaid=repaid)
