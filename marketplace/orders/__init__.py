"""A buyer gets a lead: the price is held, the contact opens, and when the window closes the agency is paid.

Or the lead is paid by the sale: a deposit, reports, and a commission for each sale (`orders.sales`).
"""

from marketplace.orders import attempts, chargebacks, claw_back, intents, invoicing, outcomes
from marketplace.orders.actions import (
    Bought,
    award,
    contest,
    dispute,
    place,
    place_by_key,
    place_many,
    refund,
    reinstate,
)
from marketplace.orders.invariants import INVARIANTS
from marketplace.orders.models import Order, OrderState
from marketplace.orders.queries import (
    OrderLine,
    answering_for,
    contact_for,
    counts_by_state,
    find_for,
    is_per_sale,
    line_for,
    lines_of,
    of_lead,
    orders_for,
    sales_of,
    sold_by_listing,
    unsettled_for,
)
from marketplace.orders.rules import can_be_disputed
from marketplace.orders.standing import (
    deposits_for,
    held_by_day,
    held_for,
    next_reserve_for,
    reserve_for,
    sold_of_import,
)

__all__ = [
    "INVARIANTS",
    "Bought",
    "Order",
    "OrderLine",
    "OrderState",
    "answering_for",
    "attempts",
    "award",
    "can_be_disputed",
    "chargebacks",
    "claw_back",
    "contact_for",
    "contest",
    "counts_by_state",
    "deposits_for",
    "dispute",
    "find_for",
    "held_by_day",
    "held_for",
    "intents",
    "invoicing",
    "is_per_sale",
    "line_for",
    "lines_of",
    "next_reserve_for",
    "of_lead",
    "orders_for",
    "outcomes",
    "place",
    "place_by_key",
    "place_many",
    "refund",
    "reinstate",
    "reserve_for",
    "sales_of",
    "sold_by_listing",
    "sold_of_import",
    "unsettled_for",
]
