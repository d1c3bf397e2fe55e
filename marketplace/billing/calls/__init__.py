"""Edges that talk to Stripe, each safe to repeat: what it is to do, and how things stand there."""

from marketplace.billing.calls import engine
from marketplace.billing.calls.cards import look_up_card_page, open_card_page
from marketplace.billing.calls.checkout import use_public_url
from marketplace.billing.calls.engine import POINTS, Call, gateway, perform, watch
from marketplace.billing.calls.payout_accounts import look_up_account, onboarding_link
from marketplace.billing.calls.payout_rounds import look_after_payouts, pay_out_due
from marketplace.billing.calls.reconcile import perform_by_itself, reconcile
from marketplace.billing.calls.table import CALLS
from marketplace.billing.calls.top_ups import look_up_checkout, open_checkout
from marketplace.billing.calls.treasury import reconcile_balance
from marketplace.billing.gateway import Gateway

__all__ = [
    "CALLS",
    "POINTS",
    "Call",
    "gateway",
    "look_after_payouts",
    "look_up_account",
    "look_up_card_page",
    "look_up_checkout",
    "onboarding_link",
    "open_card_page",
    "open_checkout",
    "pay_out_due",
    "perform",
    "perform_by_itself",
    "reconcile",
    "reconcile_balance",
    "use_gateway",
    "watch",
]


def use_gateway(gateway: Gateway, public_url: str) -> None:
    """Set the gateway and our own address; at the application's start."""
    engine.use(gateway, CALLS)
    use_public_url(public_url)
