"""The chart of accounts: which kinds there are, on which side they grow, and which the database guards."""

from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Kinds of accounts; each exists once per currency and, where it has one, per owner."""

    STRIPE_CLEARING = "stripe_clearing"
    STRIPE_BALANCE = "stripe_balance"
    BANK = "bank"
    CHARGEBACK_CONTESTED = "chargeback_contested"
    BUYER_RECEIVABLE = "buyer_receivable"
    SUPPLIER_RECEIVABLE = "supplier_receivable"
    SUSPENSE = "suspense"
    WALLET_CASH = "wallet_cash"
    WALLET_PROMO = "wallet_promo"
    WALLET_FROZEN = "wallet_frozen"
    HELD = "held"
    ORDER_DEPOSIT = "order_deposit"
    REFUND_INFLIGHT = "refund_inflight"
    SUPPLIER_PAYABLE = "supplier_payable"
    SUPPLIER_RESERVE = "supplier_reserve"
    PAYOUT_INFLIGHT = "payout_inflight"
    TAX_PAYABLE = "tax_payable"
    FEE_REVENUE = "fee_revenue"
    PROCESSING_FEE = "processing_fee"
    DISPUTE_FEE = "dispute_fee"
    PROMO_EXPENSE = "promo_expense"
    GOODWILL_EXPENSE = "goodwill_expense"
    CHARGEBACK_LOSS = "chargeback_loss"
    BAD_DEBT = "bad_debt"


class Class(StrEnum):
    """What an account is: what we have, what we owe, what we earned, what it cost us."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Nature:
    """`sign` is +1 where debits make it grow (assets, expenses) and -1 where credits do (liabilities, income).

    A guarded account keeps its balance in its row, never below zero; the others are sums of their postings,
    so that no platform row is locked by every sale.
    """

    of: Class
    is_guarded: bool = False

    @property
    def sign(self) -> int:
        return +1 if self.of in (Class.ASSET, Class.EXPENSE) else -1


_HAVE, _EARNED, _COST = Nature(Class.ASSET), Nature(Class.INCOME), Nature(Class.EXPENSE)
_CLAIM = Nature(Class.ASSET, is_guarded=True)
_OWED = Nature(Class.LIABILITY, is_guarded=True)

chart: dict[Account, Nature] = {
    Account.STRIPE_CLEARING: _HAVE,
    Account.STRIPE_BALANCE: _HAVE,
    Account.BANK: _HAVE,
    Account.CHARGEBACK_CONTESTED: _CLAIM,  # owner: the chargeback
    Account.BUYER_RECEIVABLE: _CLAIM,  # owner: the buyer's organisation
    Account.SUPPLIER_RECEIVABLE: _CLAIM,  # owner: the agency's organisation
    Account.SUSPENSE: _HAVE,  # always zero: what cannot be explained is not booked
    Account.WALLET_CASH: _OWED,  # owner: the buyer's organisation
    Account.WALLET_PROMO: _OWED,  # owner: the grant
    Account.WALLET_FROZEN: _OWED,  # owner: the chargeback that froze it
    Account.HELD: _OWED,  # owner: the order, or the sale whose commission it is
    Account.ORDER_DEPOSIT: _OWED,  # owner: the order, or the dispute that it secures
    Account.REFUND_INFLIGHT: _OWED,  # owner: the card refund
    Account.SUPPLIER_PAYABLE: _OWED,  # owner: the agency's organisation
    Account.SUPPLIER_RESERVE: _OWED,  # owner: the order or sale whose reserve it is
    Account.PAYOUT_INFLIGHT: _OWED,  # owner: the payout
    Account.TAX_PAYABLE: Nature(Class.LIABILITY),
    Account.FEE_REVENUE: _EARNED,
    Account.PROCESSING_FEE: _COST,
    Account.DISPUTE_FEE: _COST,
    Account.PROMO_EXPENSE: _COST,
    Account.GOODWILL_EXPENSE: _COST,
    Account.CHARGEBACK_LOSS: _COST,
    Account.BAD_DEBT: _COST,
}
