"""The chart of accounts: which kinds there are, on which side they grow, and which the database guards."""

from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Kinds of accounts; each exists once per currency and, where it has one, per owner."""

    STRIPE_CLEARING = "stripe_clearing"
    STRIPE_BALANCE = "stripe_balance"
    PROCESSING_FEE = "processing_fee"
    FEE_REVENUE = "fee_revenue"
    WALLET_CASH = "wallet_cash"
    HELD = "held"
    SUPPLIER_PAYABLE = "supplier_payable"
    SUPPLIER_RESERVE = "supplier_reserve"


@dataclass(frozen=True, slots=True)
class Nature:
    """`sign` is +1 where debits make it grow (assets, expenses) and -1 where credits do (liabilities, income).

    A guarded account keeps its balance in its row, never below zero; the others are sums of their postings,
    so that no platform row is locked by every sale.
    """

    sign: int
    is_guarded: bool


_ASSET = Nature(+1, is_guarded=False)
_INCOME = Nature(-1, is_guarded=False)
_OWED = Nature(-1, is_guarded=True)

chart: dict[Account, Nature] = {
    Account.STRIPE_CLEARING: _ASSET,
    Account.STRIPE_BALANCE: _ASSET,
    Account.PROCESSING_FEE: _ASSET,
    Account.FEE_REVENUE: _INCOME,
    Account.WALLET_CASH: _OWED,  # owner: the buyer's organisation
    Account.HELD: _OWED,  # owner: the order
    Account.SUPPLIER_PAYABLE: _OWED,  # owner: the agency's organisation
    Account.SUPPLIER_RESERVE: _OWED,  # owner: the order whose reserve it is
}
