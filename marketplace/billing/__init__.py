"""Money from and to the outside: top-ups through Stripe, and statements of what stands where."""

from marketplace.billing import corrections, documents, news, promos, proposals
from marketplace.billing.actions import ask_refund, ask_top_up, ask_top_up_once, settle_checkout
from marketplace.billing.calls import gateway, look_up_checkout, open_checkout, use_gateway
from marketplace.billing.gateway import BankDispute, Gateway
from marketplace.billing.inbox import handles, keep_event
from marketplace.billing.invariants import INVARIANTS
from marketplace.billing.models import (
    CardRefund,
    CardRefundState,
    Chargeback,
    ChargebackState,
    Proposal,
    ProposalState,
    TopUp,
    TopUpState,
)
from marketplace.billing.queries import (
    available_for,
    balance_currencies,
    balance_statement,
    find_for,
    find_refunds_for,
    loaded_lately_for,
    open_top_ups_for,
    payable_for,
    refund_for,
    refundable_for,
    refundable_of,
    refunds_for,
    wallet_currencies,
    wallet_statement,
    wish_for,
)

__all__ = [
    "INVARIANTS",
    "BankDispute",
    "CardRefund",
    "CardRefundState",
    "Chargeback",
    "ChargebackState",
    "Gateway",
    "Proposal",
    "ProposalState",
    "TopUp",
    "TopUpState",
    "ask_refund",
    "ask_top_up",
    "ask_top_up_once",
    "available_for",
    "balance_currencies",
    "balance_statement",
    "corrections",
    "documents",
    "find_for",
    "find_refunds_for",
    "gateway",
    "handles",
    "keep_event",
    "loaded_lately_for",
    "look_up_checkout",
    "news",
    "open_checkout",
    "open_top_ups_for",
    "payable_for",
    "promos",
    "proposals",
    "refund_for",
    "refundable_for",
    "refundable_of",
    "refunds_for",
    "settle_checkout",
    "use_gateway",
    "wallet_currencies",
    "wallet_statement",
    "wish_for",
]
