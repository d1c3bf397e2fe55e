"""Reading what was typed on the payment page. Only test cards pass: no real number gets further."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from marketplace.stripe_emulator.cards import CARDS, Card


@dataclass(frozen=True)
class Entered:
    card: Card
    exp_month: int
    exp_year: int


Problems = dict[str, str]  # a sentence for each field that is wrong


def read_entry(form: Mapping[str, str], today: datetime) -> Entered | Problems:
    """The card that was typed, or what is wrong with the entry."""
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
