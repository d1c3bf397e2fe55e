"""A lead is paid by card: a top-up that carries the wish to buy it, and the ordinary purchase once its money is there.

The lead is not kept for the buyer meanwhile. Where the purchase is refused then, the money stays in the wallet.
"""

from marketplace.orders.intents.actions import Wish, ask, close_earlier, settle
from marketplace.orders.intents.models import IntentState, PurchaseIntent
from marketplace.orders.intents.queries import find_for, lead_of, owed_for, spendable_for

__all__ = [
    "IntentState",
    "PurchaseIntent",
    "Wish",
    "ask",
    "close_earlier",
    "find_for",
    "lead_of",
    "owed_for",
    "settle",
    "spendable_for",
]
