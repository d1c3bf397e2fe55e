"""Stripe as we use it: a few calls a theme, plain objects back. Network calls: never inside a transaction."""

from marketplace.billing.gateway.chargebacks import Chargebacks
from marketplace.billing.gateway.checkouts import Checkouts
from marketplace.billing.gateway.client import Client, News
from marketplace.billing.gateway.objects import BankDispute, Checkout, CheckoutAsk, Payment, Settlement
from marketplace.billing.gateway.payments import Payments

__all__ = ["BankDispute", "Checkout", "CheckoutAsk", "Gateway", "News", "Payment", "Settlement"]


class Gateway:
    """All that we ask of Stripe."""

    def __init__(self, secret_key: str, api_base: str, webhook_secret: str) -> None:
        client = Client(secret_key, api_base, webhook_secret)
        self.checkout_origin = client.checkout_origin
        self.read_event = client.read_event
        self.chargebacks = Chargebacks(client)
        self.checkouts = Checkouts(client)
        self.payments = Payments(client)
