"""The naive model: balances as plain sums in a dict, written from the notes on money and not from the ledger's code."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import text

from marketplace.kit.db import session

#: what we have and what it costs us: these grow by what is debited, all others by what is credited
GROW_BY_DEBITS = frozenset({
    "stripe_clearing", "stripe_balance", "bank", "chargeback_contested", "buyer_receivable", "supplier_receivable",
    "suspense", "processing_fee", "dispute_fee", "promo_expense", "goodwill_expense", "chargeback_loss", "bad_debt",
})  # fmt: skip
#: our own accounts may be below zero; nobody else's ever is
MAY_BE_BELOW = frozenset({
    "stripe_clearing", "stripe_balance", "bank", "tax_payable", "fee_revenue", "processing_fee", "dispute_fee",
    "promo_expense", "goodwill_expense",
})  # fmt: skip

_STANDING = text("""
SELECT a.kind, a.owner_id::text AS owner, a.currency, k.sign * sum(p.amount) AS cents, a.balance
FROM ledger_accounts a JOIN ledger_kinds k ON k.kind = a.kind JOIN ledger_postings p ON p.account_id = a.id
GROUP BY a.id, k.sign
""")

Key = tuple[str, str | None]


def half_up(cents: int, basis_points: int) -> int:
    """A part of an amount, rounded half up, by decimal arithmetic."""
    exact = Decimal(cents) * basis_points / 10_000
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Books:
    """Balances by (account, owner), each on its own side, in cents."""

    def __init__(self) -> None:
        self.balances: dict[Key, int] = defaultdict(int)

    def add(self, account: str, cents: int, owner: Any = None) -> None:
        """Grow (or, with a negative amount, shrink) a balance."""
        key = account, owner and str(owner)
        self.balances[key] += cents
        assert account in MAY_BE_BELOW or self.balances[key] >= 0, f"the model itself is wrong about {key}"

    def take(self, account: str, cents: int, owner: Any = None) -> None:
        self.add(account, -cents, owner)

    def debit(self, account: str, cents: int, owner: Any = None) -> None:
        """As an accountant says it."""
        self.add(account, cents if account in GROW_BY_DEBITS else -cents, owner)

    def credit(self, account: str, cents: int, owner: Any = None) -> None:
        self.debit(account, -cents, owner)

    def at(self, account: str, owner: Any = None) -> int:
        return self.balances[account, owner and str(owner)]

    def repay_first(self, debt: str, account: str, cents: int, owner: Any) -> None:
        """Whoever gets money and owes us some repays that first."""
        owed = min(cents, self.at(debt, owner))
        self.take(debt, owed, owner)
        self.add(account, cents - owed, owner)

    def standing(self) -> dict[Key, int]:
        """What is not nothing."""
        return {key: cents for key, cents in self.balances.items() if cents}


def books_of_the_product() -> dict[Key, int]:
    """The same from the product's database: sums of postings. Stored balances must agree with them."""
    session().rollback()
    found = {}
    for row in session().execute(_STANDING):
        assert row.balance in (None, row.cents), f"{row.kind} of {row.owner} says {row.balance}, adds up to {row.cents}"
        if row.cents:
            assert (row.kind, row.owner) not in found, "one currency is enough for the model"
            found[row.kind, row.owner] = int(row.cents)
    session().rollback()
    return found
