"""The well-known test cards, and what each of them does."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from marketplace.stripe_emulator import declines
from marketplace.stripe_emulator.declines import Decline


class Asks(Enum):
    """Whether the card's bank wants to see its owner (3-D Secure) while the owner is there."""

    NEVER = "never"
    IF_REQUESTED = "if requested"
    ALWAYS = "always"


class Away(Enum):
    """Whether the card can be charged while its owner is not there."""

    FREELY = "freely"
    ONCE_SET_UP = "once its owner has agreed to that"
    NEVER = "never"


class Refunds(Enum):
    """What becomes of a refund to the card."""

    AT_ONCE = "at once"
    LATER = "later"
    FAIL_LATER = "fail later"


@dataclass(frozen=True)
class Card:
    number: str
    does: str  # in words, for the list on the page
    token: str  # Stripe's name for it as a ready-made payment method: `pm_card_...`
    brand: str = "visa"
    funding: str = "credit"
    decline: Decline | None = None
    can_be_saved: bool = True  # matters for a card that is declined
    asks: Asks = Asks.NEVER
    away: Away = Away.FREELY
    refunds: Refunds = Refunds.AT_ONCE
    disputes: str | None = None  # the reason for which its owner takes the payment back
    is_asked_about: bool = False  # its bank asks before it takes the payment back
    is_reported: bool = False  # its bank warns of fraud
    is_paid_at_once: bool = False  # its money is available without the usual days

    @property
    def fingerprint(self) -> str:
        """The same for the same number, and no way back to it."""
        return hashlib.sha256(f"emulator:{self.number}".encode()).hexdigest()[:16]

    @property
    def cvc_length(self) -> int:
        return 4 if self.brand == "amex" else 3

    def wants_owner(self, requested: str) -> bool:
        """`requested` is Checkout's request_three_d_secure: automatic, any or challenge."""
        return self.asks is Asks.ALWAYS or (self.asks is Asks.IF_REQUESTED and requested != "automatic")

    def works_away(self, *, is_set_up: bool) -> bool:
        return self.away is Away.FREELY or (self.away is Away.ONCE_SET_UP and is_set_up)


def _declined(number: str, does: str, token: str, decline: Decline) -> Card:
    return Card(number, does, token, decline=decline, can_be_saved=False)


def _asking(number: str, does: str, token: str, away: Away) -> Card:
    return Card(number, does, token, asks=Asks.ALWAYS, away=away)


_CARDS = (
    Card("4242424242424242", "Pays", "visa"),
    Card("4000056655665556", "Pays, debit card", "visa_debit", funding="debit"),
    Card("5555555555554444", "Pays, Mastercard", "mastercard", brand="mastercard"),
    Card("378282246310005", "Pays, American Express", "amex", brand="amex"),
    Card("4000000000000077", "Pays, the money is available at once", "bypassPending", is_paid_at_once=True),
    _declined("4000000000000002", "Is declined", "visa_chargeDeclined", declines.GENERIC),
    _declined("4000000000009995", "Has no money", "visa_chargeDeclinedInsufficientFunds", declines.NO_FUNDS),
    _declined("4000000000009987", "Is declined, lost card", "visa_chargeDeclinedLostCard", declines.LOST),
    _declined("4000000000009979", "Is declined, stolen card", "visa_chargeDeclinedStolenCard", declines.STOLEN),
    _declined("4000000000000069", "Has expired", "chargeDeclinedExpiredCard", declines.EXPIRED),
    _declined("4000000000000127", "Wrong security code", "chargeDeclinedIncorrectCvc", declines.BAD_CVC),
    _declined("4000000000000119", "Cannot be processed", "chargeDeclinedProcessingError", declines.NOT_PROCESSED),
    Card("4000000000000341", "Can be saved, is declined when charged", "chargeCustomerFail", decline=declines.GENERIC),
    _asking("4000000000003220", "Asks its owner (3-D Secure)", "threeDSecure2Required", Away.ONCE_SET_UP),
    _asking(
        "4000002500003155",
        "Asks its owner; once saved, pays without asking",
        "authenticationRequiredOnSetup",
        Away.ONCE_SET_UP,
    ),
    _asking("4000002760003184", "Asks its owner each time, also once saved", "authenticationRequired", Away.NEVER),
    _asking(
        "4000003800000446",
        "Asks its owner, pays without asking when the owner is away",
        "authenticationRequiredSetupForOffSession",
        Away.FREELY,
    ),
    Card(
        "4000008260003178",
        "Asks its owner, then has no money",
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        asks=Asks.ALWAYS,
        away=Away.ONCE_SET_UP,
        decline=declines.NO_FUNDS,
    ),
    Card("4000000000003055", "Asks its owner if the shop wants it", "threeDSecureOptional", asks=Asks.IF_REQUESTED),
    Card(
        "4000008400001629",
        "Asks its owner, then is declined",
        "threeDSecureRequiredChargeDeclined",
        asks=Asks.ALWAYS,
        away=Away.NEVER,
        decline=declines.GENERIC,
        can_be_saved=False,
    ),
    Card("4000000000000259", "Pays, then the payment is disputed", "createDispute", disputes="fraudulent"),
    Card(
        "4000000000002685",
        "Pays, then is disputed: nothing received",
        "createDisputeProductNotReceived",
        disputes="product_not_received",
    ),
    Card(
        "4000000000001976",
        "Pays, then its bank asks about the payment",
        "createDisputeInquiry",
        disputes="unrecognized",
        is_asked_about=True,
    ),
    Card("4000000000005423", "Pays, then its bank warns of fraud", "createIssuerFraudRecord", is_reported=True),
    Card("4000000000007726", "Pays, a refund arrives later", "pendingRefund", refunds=Refunds.LATER),
    Card("4000000000005126", "Pays, a refund fails later", "refundFail", refunds=Refunds.FAIL_LATER),
)
CARDS: Mapping[str, Card] = {card.number: card for card in _CARDS}
TOKENS: Mapping[str, Card] = {f"pm_card_{card.token}": card for card in _CARDS}
