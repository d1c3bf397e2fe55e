"""Stripe as we use it: a few calls a theme, plain objects back. Network calls: never inside a transaction."""

from marketplace.billing.gateway.accounts import Accounts
from marketplace.billing.gateway.balance import Balance, BalanceLine
from marketplace.billing.gateway.bank_payouts import BankPayouts, SweepAsk
from marketplace.billing.gateway.cards import Cards
from marketplace.billing.gateway.chargebacks import Chargebacks
from marketplace.billing.gateway.checkouts import Checkouts
from marketplace.billing.gateway.client import Client, News
from marketplace.billing.gateway.events import Events
from marketplace.billing.gateway.objects import (
    BankDispute,
    CardPage,
    CardPageAsk,
    ChargeAsk,
    Checkout,
    CheckoutAsk,
    Customer,
    CustomerAsk,
    KeptCard,
    Payer,
    Payment,
    PaymentState,
    Refund,
    RefundAsk,
    SeenCard,
    Settlement,
)
from marketplace.billing.gateway.payments import Payments
from marketplace.billing.gateway.recipients import (
    BankAccount,
    BankPayout,
    Need,
    Recipient,
    RecipientAsk,
    Reversal,
    Transfer,
    TransferAsk,
)
from marketplace.billing.gateway.refunds import Refunds
from marketplace.billing.gateway.transfers import Transfers

__all__ = [
    "BalanceLine",
    "BankAccount",
    "BankDispute",
    "BankPayout",
    "CardPage",
    "CardPageAsk",
    "ChargeAsk",
    "Checkout",
    "CheckoutAsk",
    "Customer",
    "CustomerAsk",
    "Gateway",
    "KeptCard",
    "Need",
    "News",
    "Payer",
    "Payment",
    "PaymentState",
    "Recipient",
    "RecipientAsk",
    "Refund",
    "RefundAsk",
    "Reversal",
    "SeenCard",
    "Settlement",
    "SweepAsk",
    "Transfer",
    "TransferAsk",
]


class Gateway:
    """All that we ask of Stripe."""

    def __init__(self, secret_key: str, api_base: str, webhook_secret: str) -> None:
        client = Client(secret_key, api_base, webhook_secret)
        self.checkout_origin = client.checkout_origin
        self.read_event = client.read_event
        self.chargebacks = Chargebacks(client)
        self.cards = Cards(client)
        self.checkouts = Checkouts(client)
        self.payments = Payments(client)
        self.refunds = Refunds(client)
        self.accounts = Accounts(client)
        self.transfers = Transfers(client)
        self.bank_payouts = BankPayouts(client)
        self.balance = Balance(client)
        self.events = Events(client)
