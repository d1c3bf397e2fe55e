"""What happens to money at the border: asked for, sent, settled."""

from marketplace.billing.actions.top_ups import (
    ask_top_up,
    ask_top_up_once,
    attach_checkout,
    book_settlement,
    settle_checkout,
    settle_payment,
)

__all__ = [
    "ask_top_up",
    "ask_top_up_once",
    "attach_checkout",
    "book_settlement",
    "settle_checkout",
    "settle_payment",
]
