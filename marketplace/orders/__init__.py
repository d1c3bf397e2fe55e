"""A buyer gets a lead: the price is held, the contact opens, and when the window closes the agency is paid."""

from marketplace.orders import chargebacks, claw_back
from marketplace.orders.actions import Bought, dispute, place, place_many, refund, reinstate
from marketplace.orders.invariants import INVARIANTS
from marketplace.orders.models import Order, OrderState
from marketplace.orders.queries import (
    OrderLine,
    answering_for,
    bought_leads,
    contact_for,
    counts_by_state,
    find_for,
    held_by_day,
    held_for,
    line_for,
    lines_of,
    next_reserve_for,
    of_lead,
    orders_for,
    reserve_for,
    sales_of,
    sold_by_listing,
    sold_of_import,
    unsettled_for,
)

__all__ = [
    "INVARIANTS",
    "Bought",
    "Order",
    "OrderLine",
    "OrderState",
    "answering_for",
    "bought_leads",
    "chargebacks",
    "claw_back",
    "contact_for",
    "counts_by_state",
    "dispute",
    "find_for",
    "held_by_day",
    "held_for",
    "line_for",
    "lines_of",
    "next_reserve_for",
    "of_lead",
    "orders_for",
    "place",
    "place_many",
    "refund",
    "reinstate",
    "reserve_for",
    "sales_of",
    "sold_by_listing",
    "sold_of_import",
    "unsettled_for",
]
