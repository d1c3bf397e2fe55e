"""What happens to money at the border: asked for, sent, settled."""

from marketplace.billing.actions.payments import settle_checkout, settle_payment
from marketplace.billing.actions.refunds import ask_refund, settle_refund
from marketplace.billing.actions.top_ups import ask_close, ask_top_up, ask_top_up_once, attach_checkout

__all__ = [
    "ask_close",
    "ask_refund",
    "ask_top_up",
    "ask_top_up_once",
    "attach_checkout",
    "settle_checkout",
    "settle_payment",
    "settle_refund",
]
