"""Reading money at the border, always for somebody."""

from marketplace.billing.queries.balances import balance_currencies, balance_statement, payable_for
from marketplace.billing.queries.cards import (
    card_for,
    cards_for,
    customer_of,
    live_cards,
    open_card_pages,
    setup_for,
)
from marketplace.billing.queries.recharges import (
    NOBODY,
    RechargeLine,
    facts_of,
    is_below,
    low,
    open_charges,
    recharge_for,
)
from marketplace.billing.queries.refunds import (
    find_refunds_for,
    refund_for,
    refundable_for,
    refundable_of,
    refundable_top_ups,
    refunds_for,
    wish_for,
)
from marketplace.billing.queries.stripe_calls import call_of
from marketplace.billing.queries.wallets import (
    DEFAULT_CURRENCY,
    available_for,
    find_for,
    find_top_ups_for,
    loaded_lately,
    loaded_lately_for,
    open_top_ups_for,
    repaid_by,
    wallet_currencies,
    wallet_statement,
)

__all__ = [
    "DEFAULT_CURRENCY",
    "NOBODY",
    "RechargeLine",
    "available_for",
    "balance_currencies",
    "balance_statement",
    "call_of",
    "card_for",
    "cards_for",
    "customer_of",
    "facts_of",
    "find_for",
    "find_refunds_for",
    "find_top_ups_for",
    "is_below",
    "live_cards",
    "loaded_lately",
    "loaded_lately_for",
    "low",
    "open_card_pages",
    "open_charges",
    "open_top_ups_for",
    "payable_for",
    "recharge_for",
    "refund_for",
    "refundable_for",
    "refundable_of",
    "refundable_top_ups",
    "refunds_for",
    "repaid_by",
    "setup_for",
    "wallet_currencies",
    "wallet_statement",
    "wish_for",
]
