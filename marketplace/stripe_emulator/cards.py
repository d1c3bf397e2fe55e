"""The well-known test cards, what each of them does, and the reading of what was typed on the payment page."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Asks(Enum):
    """Whether the card's bank wants to see its owner (3-D Secure)."""

    NEVER = "never"
    IF_REQUESTED = "if requested"
    ALWAYS = "always"


class Refunds(Enum):
    """What becomes of a refund to the card."""

    AT_ONCE = "at once"
    LATER = "later"
    FAIL_LATER = "fail later"


@dataclass(frozen=True)
class Decline:
    code: str
    message: str
    reason: str | None = None  # Stripe's decline_code
    field: str = "card_number"


_DECLINED = "Your card was declined."
GENERIC = Decline("card_declined", _DECLINED, "generic_decline")
NO_FUNDS = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
LOST = Decline("card_declined", _DECLINED, "lost_card")
STOLEN = Decline("card_declined", _DECLINED, "stolen_card")
EXPIRED = Decline("expired_card", "Your card has expired.", "expired_card", "expiry")
BAD_CVC = Decline("incorrect_cvc", "Your card’s security code is incorrect.", "incorrect_cvc", "cvc")
NOT_PROCESSED = Decline(
    "processing_error", "An error occurred while processing your card. Try again in a little bit.", "processing_error"
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)


@dataclass(frozen=True)
class Card:
    number: str
    does: str  # in words, for the list on the page
    brand: str = "visa"
    funding: str = "credit"
    decline: Decline | None = None
    asks: Asks = Asks.NEVER
    refunds: Refunds = Refunds.AT_ONCE
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


_CARDS = (
    Card("4242424242424242", "Pays"),
    Card("4000056655665556", "Pays, debit card", funding="debit"),
    Card("5555555555554444", "Pays, Mastercard", brand="mastercard"),
    Card("378282246310005", "Pays, American Express", brand="amex"),
    Card("4000000000000077", "Pays, the money is available at once", is_paid_at_once=True),
    Card("4000000000000002", "Is declined", decline=GENERIC),
    Card("4000000000009995", "Has no money", decline=NO_FUNDS),
    Card("4000000000009987", "Is declined, lost card", decline=LOST),
    Card("4000000000009979", "Is declined, stolen card", decline=STOLEN),
    Card("4000000000000069", "Has expired", decline=EXPIRED),
    Card("4000000000000127", "Wrong security code", decline=BAD_CVC),
    Card("4000000000000119", "Cannot be processed", decline=NOT_PROCESSED),
    Card("4000002760003184", "Asks its owner (3-D Secure)", asks=Asks.ALWAYS),
    Card("4000002500003155", "Asks its owner (3-D Secure)", asks=Asks.ALWAYS),
    Card("4000000000003220", "Asks its owner (3-D Secure)", asks=Asks.ALWAYS),
    Card("4000000000003055", "Asks its owner if the shop wants it", asks=Asks.IF_REQUESTED),
    Card("4000008400001629", "Asks its owner, then is declined", asks=Asks.ALWAYS, decline=GENERIC),
    Card("4000000000007726", "Pays, a refund arrives later", refunds=Refunds.LATER),
    Card("4000000000005126", "Pays, a refund fails later", refunds=Refunds.FAIL_LATER),
)
CARDS: Mapping[str, Card] = {card.number: card for card in _CARDS}


@dataclass(frozen=True)
class Entered:
    card: Card
    exp_month: int
    exp_year: int


Problems = dict[str, str]  # a sentence for each field that is wrong


def read_entry(form: Mapping[str, str], today: datetime) -> Entered | Problems:
    """The card that was typed, or what is wrong with the entry. Only test cards pass: no real number gets further."""
    number = _digits(form.get("card_number", ""))
    expiry = re.fullmatch(r"\s*([0-9]{1,2})\s*/?\s*(?:20)?([0-9]{2})\s*", form.get("expiry", ""))
    cvc = form.get("cvc", "").strip()
    card = CARDS.get(number)
    problems = {
        "card_number": _number_problem(number),
        "expiry": _expiry_problem(int(expiry[1]), 2000 + int(expiry[2]), today) if expiry else "Enter it as MM/YY.",
        "cvc": _cvc_problem(cvc, card),
    }
    found = {field: problem for field, problem in problems.items() if problem}
    if card is None or expiry is None or found:
        return found
    return Entered(card, int(expiry[1]), 2000 + int(expiry[2]))


def may_be_real(typed: str) -> bool:
    """Whether this is a valid number that is not a test card's: it must not be shown again."""
    number = _digits(typed)
    return number not in CARDS and re.fullmatch("[0-9]{12,19}", number) is not None and passes_luhn(number)


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]  # noqa: PLR2004  the digits of twice the digit
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _digits(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed)


def _number_problem(number: str) -> str | None:
    if not number:
        return "Enter a card number."
    if not re.fullmatch("[0-9]{12,19}", number) or not passes_luhn(number):
        return "Your card number is invalid."
    return None if number in CARDS else "This page takes test cards only, such as 4242 4242 4242 4242."


def _expiry_problem(month: int, year: int, today: datetime) -> str | None:
    if not 1 <= month <= 12:  # noqa: PLR2004
        return "Your card’s expiration month is invalid."
    if (year, month) < (today.year, today.month):
        return "Your card’s expiration date is in the past."
    return None


def _cvc_problem(cvc: str, card: Card | None) -> str | None:
    allowed = {card.cvc_length} if card else {3, 4}
    if not re.fullmatch("[0-9]+", cvc) or len(cvc) not in allowed:
        return "Your card’s security code is incomplete."
    return None
