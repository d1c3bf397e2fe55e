"""Double entry: every fact about money is one entry whose postings sum to zero, and no entry ever changes.

Knows accounts, entries and postings; knows no lead, no order and no Stripe. The database proves what is written here:
entries balance at commit, guarded accounts never fall below zero, rows never change. What was written is sealed into a
chain of blocks (`blocks`) whose head people hold (`heads`), so that even who could switch the proofs off changes
nothing unseen (`tampering`).
"""

from marketplace.ledger.actions import Line, credit, debit, post, refusal_of
from marketplace.ledger.chart import Account, Class, chart
from marketplace.ledger.debts import debt_first, locked_balances, taken_from
from marketplace.ledger.errors import Overdrawn
from marketplace.ledger.invariants import INVARIANTS
from marketplace.ledger.queries import (
    StatementLine,
    about,
    balance,
    balances,
    balances_of,
    entry,
    first_at,
    is_booked,
    owners_with,
    statement,
    sum_of,
    total,
)
from marketplace.ledger.wording import ACCOUNT_NAMES, ENTRY_NAMES

__all__ = [
    "ACCOUNT_NAMES",
    "ENTRY_NAMES",
    "INVARIANTS",
    "Account",
    "Class",
    "Line",
    "Overdrawn",
    "StatementLine",
    "about",
    "balance",
    "balances",
    "balances_of",
    "chart",
    "credit",
    "debit",
    "debt_first",
    "entry",
    "first_at",
    "is_booked",
    "locked_balances",
    "owners_with",
    "post",
    "refusal_of",
    "statement",
    "sum_of",
    "taken_from",
    "total",
]
