"""What must hold in the ledger whatever happened (the numbers are those of docs/money.md)."""

from marketplace.kit.invariants import Invariant
from marketplace.ledger.tampering import TAMPERING

_SUMS = """
SELECT e.id, e.key, coalesce(sum(p.amount), 0) AS sum, count(p.id) AS postings
FROM ledger_entries e LEFT JOIN ledger_postings p ON p.entry_id = e.id
LEFT JOIN ledger_accounts a ON a.id = p.account_id
GROUP BY e.id
HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 OR bool_or(a.currency <> e.currency)
"""
_TOTAL = """
SELECT e.currency, sum(p.amount) AS sum
FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
GROUP BY e.currency HAVING sum(p.amount) <> 0
"""
_BALANCES = """
SELECT a.id, a.kind, a.balance, a.sign * coalesce(sum(p.amount), 0) AS sum
FROM ledger_accounts a LEFT JOIN ledger_postings p ON p.account_id = a.id
WHERE a.is_guarded
GROUP BY a.id HAVING a.balance <> a.sign * coalesce(sum(p.amount), 0)
"""
_NEGATIVE = "SELECT id, kind, balance FROM ledger_accounts WHERE is_guarded AND (balance IS NULL OR balance < 0)"
_NAMED = """
SELECT id, key FROM ledger_entries WHERE key = ''
UNION ALL
SELECT e.id, e.key FROM ledger_entries e
JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id
WHERE NOT EXISTS (
  SELECT 1 FROM ledger_rules r
  WHERE r.entry_kind = e.kind AND r.account_kind = a.kind
    AND r.side = CASE WHEN p.amount > 0 THEN 'debit' ELSE 'credit' END)
UNION ALL
SELECT min(id::text)::uuid, key FROM ledger_entries GROUP BY key HAVING count(*) > 1
"""
INVARIANTS = (
    Invariant("I1", "Every entry sums to zero, has two postings or more, and one currency", _SUMS),
    Invariant("I2", "All postings of a currency sum to zero", _TOTAL),
    Invariant("I3", "Every stored balance is the sum of its postings", _BALANCES),
    Invariant("I4", "No guarded account is below zero", _NEGATIVE),
    Invariant(
        "I5", "No entry was changed or removed; each is sealed within the hour, and every block verifies", TAMPERING
    ),
    Invariant("I6", "Every entry has a key of its own and moves only what its kind allows", _NAMED),
)
