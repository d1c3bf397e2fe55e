"""The posting rules: for each kind of entry what it may debit, what it may credit, and the form of its key.

One table. `post` refuses what does not fit, invariant I6 finds what got around it, docs/money.md shows each kind with
numbers. The database knows the same table (`ledger_rules`); a test holds the two equal.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.ledger.chart import Account

A = Account
#: one id in a key: ours or Stripe's
_ID = r"[0-9A-Za-z_-]+"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of entry. `keys` are forms like `order:<id>:hold`: each `<...>` stands for one id or number."""

    debits: frozenset[Account]
    credits: frozenset[Account]
    keys: tuple[str, ...]

    def fits(self, key: str, debits: Iterable[Account], credits_: Iterable[Account]) -> bool:
        """Whether an entry of this kind may have this key and these sides."""
        return (
            any(re.fullmatch(pattern_of(form), key) for form in self.keys)
            and self.debits.issuperset(debits)
            and self.credits.issuperset(credits_)
        )


def pattern_of(form: str) -> str:
    """The regular expression of a key's form."""
    return re.sub(r"<[^>]*>", _ID, form)


def _rule(debits: set[Account], credits_: set[Account], *keys: str) -> Rule:
    return Rule(frozenset(debits), frozenset(credits_), keys)


_ALL = set(Account)
_EARNS = {A.SUPPLIER_RECEIVABLE, A.SUPPLIER_PAYABLE}
#: what comes back to a buyer: its debt first, then what its bank contests
_BACK = {A.BUYER_RECEIVABLE, A.WALLET_FROZEN, A.WALLET_CASH}
_SETTLES = {A.STRIPE_BALANCE, A.STRIPE_CLEARING, A.PROCESSING_FEE, A.DISPUTE_FEE}

RULES: Mapping[str, Rule] = {
    # a buyer's money comes in
    "topup": _rule({A.STRIPE_CLEARING}, {A.BUYER_RECEIVABLE, A.WALLET_CASH}, "pi:<payment>:credit"),
    "charge_settle": _rule({A.STRIPE_BALANCE, A.PROCESSING_FEE}, {A.STRIPE_CLEARING}, "txn:<txn>"),
    "promo_grant": _rule({A.PROMO_EXPENSE}, {A.WALLET_PROMO}, "promo:<grant>:grant"),
    "promo_expire": _rule({A.WALLET_PROMO}, {A.PROMO_EXPENSE}, "promo:<grant>:expire:<n>"),
    # a lead is bought
    "hold": _rule({A.WALLET_PROMO, A.WALLET_CASH}, {A.HELD}, "order:<order>:hold"),
    "refund": _rule({A.HELD}, {*_BACK, A.WALLET_PROMO}, "dispute:<dispute>:refund", "appeal:<appeal>:refund"),
    "release": _rule(
        {A.HELD},
        {A.FEE_REVENUE, A.TAX_PAYABLE, A.SUPPLIER_RESERVE, *_EARNS},
        "order:<order>:release",
        "sale:<sale>:release:<n>",
    ),
    "reserve_release": _rule({A.SUPPLIER_RESERVE}, _EARNS, "order:<order>:reserve", "sale:<sale>:reserve:<n>"),
    "appeal_award": _rule({A.GOODWILL_EXPENSE}, _EARNS, "appeal:<appeal>:award"),
    # a lead is paid by the sale
    "deposit": _rule({A.WALLET_CASH}, {A.ORDER_DEPOSIT}, "order:<order>:deposit", "dispute:<dispute>:deposit"),
    "deposit_return": _rule(
        {A.ORDER_DEPOSIT}, _BACK, "order:<order>:deposit_return", "dispute:<dispute>:deposit_return"
    ),
    "deposit_forfeit": _rule({A.ORDER_DEPOSIT}, {A.FEE_REVENUE}, "dispute:<dispute>:deposit_forfeit"),
    "commission": _rule({A.ORDER_DEPOSIT, A.WALLET_CASH}, {A.HELD}, "sale:<sale>:commission:<n>"),
    "sale_reversal": _rule({A.HELD}, _BACK, "sale:<sale>:reversal:<n>"),
    # an agency is paid
    "payout_reserve": _rule(_EARNS, {A.PAYOUT_INFLIGHT}, "payout:<payout>:reserve"),
    "payout_sent": _rule({A.PAYOUT_INFLIGHT}, {A.STRIPE_CLEARING}, "tr:<transfer>:sent"),
    "payout_void": _rule({A.PAYOUT_INFLIGHT}, _EARNS, "payout:<payout>:void"),
    "payout_return": _rule({A.STRIPE_CLEARING}, _EARNS, "trr:<reversal>:returned"),
    "transfer_settle": _rule(_SETTLES, _SETTLES, "txn:<txn>"),
    "claw_back": _rule(
        {A.SUPPLIER_RESERVE, A.SUPPLIER_PAYABLE, A.SUPPLIER_RECEIVABLE, A.FEE_REVENUE, A.TAX_PAYABLE},
        {*_BACK, A.WALLET_PROMO},
        "order:<order>:claw_back:<n>",
    ),
    # a buyer's money goes back to the card
    "refund_card_reserve": _rule({A.WALLET_CASH, A.BUYER_RECEIVABLE}, {A.REFUND_INFLIGHT}, "refund:<refund>:reserve"),
    "refund_card_ok": _rule({A.REFUND_INFLIGHT}, {A.STRIPE_CLEARING}, "refund:<refund>:ok"),
    "refund_card_fail": _rule({A.REFUND_INFLIGHT}, _BACK, "refund:<refund>:fail"),
    "refund_card_bounce": _rule({A.STRIPE_CLEARING}, _BACK, "refund:<refund>:bounce"),
    "refund_settle": _rule(_SETTLES, _SETTLES, "txn:<txn>"),
    # a bank takes a payment back
    "cb_open": _rule(
        {A.CHARGEBACK_CONTESTED, A.WALLET_CASH}, {A.STRIPE_CLEARING, A.WALLET_FROZEN}, "dp:<dispute>:open"
    ),
    "cb_won": _rule(
        {A.STRIPE_CLEARING, A.WALLET_FROZEN},
        {A.CHARGEBACK_CONTESTED, *_BACK},
        "dp:<dispute>:won",
    ),
    "cb_lost": _rule(
        {A.WALLET_FROZEN, A.WALLET_CASH, A.HELD, A.ORDER_DEPOSIT, A.BUYER_RECEIVABLE, A.CHARGEBACK_LOSS},
        {A.CHARGEBACK_CONTESTED},
        "dp:<dispute>:lost",
    ),
    "cb_settle": _rule(_SETTLES, _SETTLES, "txn:<txn>"),
    # the exchange's own
    "sweep": _rule({A.BANK}, {A.STRIPE_CLEARING}, "po:<payout>:sent"),
    "sweep_return": _rule({A.STRIPE_CLEARING}, {A.BANK}, "po:<payout>:returned"),
    "sweep_settle": _rule(_SETTLES, _SETTLES, "txn:<txn>"),
    "vat": _rule({A.FEE_REVENUE, A.TAX_PAYABLE}, {A.FEE_REVENUE, A.TAX_PAYABLE}, "document:<document>:vat"),
    "write_off": _rule({A.BAD_DEBT}, {A.BUYER_RECEIVABLE, A.SUPPLIER_RECEIVABLE}, "write_off:<proposal>"),
    "adjustment": _rule(_ALL, _ALL, "adjustment:<proposal>"),
    "reversal": _rule(_ALL, _ALL, "entry:<entry>:reversal"),
}
