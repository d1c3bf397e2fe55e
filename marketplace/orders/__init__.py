"""A buyer gets a lead: the price is held, the contact opens, and when the window closes the agency is paid."""

from marketplace.orders.actions import Bought, dispute, pay_reserves, place, place_many, refund, reinstate, release_due
from marketplace.orders.invariants import INVARIANTS
from marketplace.orders.models import Order, OrderState
from marketplace.orders.queries import (
    OrderLine,
    bought_leads,
    contact_for,
    counts_by_state,
    find_for,
    held_for,
    line_for,
    lines_of,
    of_lead,
    orders_for,
    reserve_for,
)

__all__ = [
    "INVARIANTS",
    "Bought",
    "Order",
    "OrderLine",
    "OrderState",
    "bought_leads",
    "contact_for",
    "counts_by_state",
    "dispute",
    "find_for",
    "held_for",
    "line_for",
    "lines_of",
    "of_lead",
    "orders_for",
    "pay_reserves",
    "place",
    "place_many",
    "refund",
    "reinstate",
    "release_due",
    "reserve_for",
]
