"""The test bank accounts, and what each of them does. Only these are taken: no real number gets further."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    code: str
    message: str


NO_ACCOUNT = Failure(
    "no_account",
    "The bank account details on file are probably incorrect. No bank account could be located with them.",
)
CLOSED = Failure("account_closed", "The bank account has been closed.")


@dataclass(frozen=True)
class Bank:
    number: str
    does: str  # in words, for the list on the page
    failure: Failure | None = None  # of a payout
    is_returned_late: bool = False  # the payout counts as paid before it fails
    is_refused: bool = False  # Stripe finds that it belongs to somebody else

    @property
    def country(self) -> str:
        return self.number[:2] if self.number[:2].isalpha() else "US"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same number, and no way back to it."""
        return hashlib.sha256(f"emulator bank:{self.number}".encode()).hexdigest()[:16]


_GOOD = "Is paid"
_BANKS = (
    Bank("000123456789", _GOOD),
    Bank("000111111116", "A payout fails: no such account", NO_ACCOUNT),
    Bank("000111111113", "A payout is paid, then returned: account closed", CLOSED, is_returned_late=True),
    Bank("000999999991", "Is found to belong to somebody else: no transfers", is_refused=True),
    Bank("AT611904300234573201", _GOOD),
    Bank("BE62510007547061", _GOOD),
    Bank("DE89370400440532013000", _GOOD),
    Bank("DE62370400440532013001", "A payout fails: no such account", NO_ACCOUNT),
    Bank("ES9121000418450200051332", _GOOD),
    Bank("FR1420041010050500013M02606", _GOOD),
    Bank("GB82WEST12345698765432", _GOOD),
    Bank("IE29AIBK93115212345678", _GOOD),
    Bank("IT40S0542811101000000123456", _GOOD),
    Bank("NL39RABO0300065264", _GOOD),
    Bank("PL61109010140000071219812874", _GOOD),
    Bank("PT50000201231234567890154", _GOOD),
)
BANKS: Mapping[str, Bank] = {bank.number: bank for bank in _BANKS}
_BY_FINGERPRINT = {bank.fingerprint: bank for bank in _BANKS}
_MORE_GOOD = re.compile("0001234[0-9]{5}")


def find_bank(typed: str) -> Bank | None:
    """The test account with this number or IBAN. `0001234` and any five digits is one more that is paid."""
    number = re.sub(r"[\s-]", "", typed).upper()
    return BANKS.get(number) or (Bank(number, _GOOD) if _MORE_GOOD.fullmatch(number) else None)


def may_be_real(typed: str) -> bool:
    """Whether this looks like an account that is no test account: it must not be shown again."""
    number = re.sub(r"[\s-]", "", typed).upper()
    return find_bank(typed) is None and re.fullmatch("([A-Z]{2}[0-9]{2})?[0-9A-Z]{6,30}", number) is not None


def behaviour(fingerprint: str) -> Bank:
    """What the account with this fingerprint does; `number` is not known for all."""
    return _BY_FINGERPRINT.get(fingerprint, BANKS["000123456789"])
