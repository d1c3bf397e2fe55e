"""What must hold between orders, the ledger and documents (the numbers are those of docs/money.md).

Entries of months before the last closed one: what was noticed too late for its own month stands on the next one's.
"""

from marketplace.kit.invariants import Invariant

_BUYERS = """
WITH moved AS (
  SELECT e.id, e.kind, e.key, sum(p.amount) AS amount,
    CASE WHEN a.kind = 'held' THEN a.owner_id ELSE e.reference_id END AS about
  FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id
  WHERE e.at < (SELECT max(month)::timestamp AT TIME ZONE 'UTC' FROM document_months) AND (
    a.kind = 'held' AND e.kind NOT IN ('release', 'adjustment', 'reversal')
    OR a.kind IN ('wallet_cash', 'wallet_promo', 'wallet_frozen', 'buyer_receivable') AND e.kind = 'claw_back')
  GROUP BY e.id, about
)
SELECT m.id, m.kind, m.key, m.amount, coalesce(sum(l.amount_cents), 0) AS told
FROM moved m LEFT JOIN document_lines l
  ON l.entry_id = m.id AND l.reference_id = m.about AND l.kind IN ('invoice', 'credit_note')
GROUP BY m.id, m.kind, m.key, m.about, m.amount
HAVING coalesce(sum(l.amount_cents), 0) <> abs(m.amount)
"""
_AGENCIES = """
WITH moved AS (
  SELECT e.id, e.kind, e.key, sum(p.amount) AS amount
  FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id
  WHERE e.at < (SELECT max(month)::timestamp AT TIME ZONE 'UTC' FROM document_months)
    AND e.kind IN ('release', 'appeal_award', 'claw_back')
    AND a.kind IN ('supplier_payable', 'supplier_reserve', 'supplier_receivable')
  GROUP BY e.id
)
SELECT m.id, m.kind, m.key, m.amount, coalesce(sum(l.amount_cents), 0) AS told
FROM moved m LEFT JOIN document_lines l ON l.entry_id = m.id AND l.kind IN ('self_bill', 'self_bill_credit')
GROUP BY m.id, m.kind, m.key, m.amount
HAVING coalesce(sum(l.amount_cents), 0) <> abs(m.amount)
"""

INVARIANTS = (
    Invariant("D3", "What buyers paid and got back is on invoices and credit notes, to the cent", _BUYERS),
    Invariant("D4", "What agencies earned and gave back is on self-billing documents, to the cent", _AGENCIES),
)
