"""What must hold between top-ups and the ledger (the numbers are those of docs/money.md)."""

from marketplace.kit.invariants import Invariant

_CREDITED = """
SELECT t.id, t.state, t.amount_cents, coalesce(sum(-p.amount), 0) AS credited
FROM top_ups t
LEFT JOIN ledger_entries e ON e.reference_id = t.id AND e.kind = 'topup'
LEFT JOIN ledger_accounts a ON a.kind = 'wallet_cash' AND a.owner_id = t.org_id AND a.currency = t.currency
LEFT JOIN ledger_postings p ON p.entry_id = e.id AND p.account_id = a.id
GROUP BY t.id
HAVING coalesce(sum(-p.amount), 0) <> CASE WHEN t.state = 'succeeded' THEN t.amount_cents ELSE 0 END
UNION ALL
SELECT e.id, 'no paid top-up', 0, 0 FROM ledger_entries e
WHERE e.kind = 'topup' AND NOT EXISTS (SELECT 1 FROM top_ups t WHERE t.id = e.reference_id AND t.state = 'succeeded')
"""
_CLEARING = """
SELECT t.id, sum(p.amount) AS left_in_clearing
FROM top_ups t
JOIN ledger_entries e ON e.reference_id = t.id
JOIN ledger_postings p ON p.entry_id = e.id
JOIN ledger_accounts a ON a.id = p.account_id AND a.kind = 'stripe_clearing'
GROUP BY t.id
HAVING sum(p.amount) < 0 OR sum(p.amount) <> 0 AND t.credited_at < :now - interval '72 hours'
"""
_INFLIGHT = """
SELECT p.id, p.state, p.amount_cents, coalesce(a.balance, 0) AS inflight
FROM payouts p LEFT JOIN ledger_accounts a
  ON a.kind = 'payout_inflight' AND a.owner_id = p.id AND a.currency = p.currency
WHERE coalesce(a.balance, 0) <> CASE WHEN p.state IN ('reserved', 'sending', 'unknown') THEN p.amount_cents ELSE 0 END
UNION ALL
SELECT a.owner_id, 'no payout', 0, a.balance FROM ledger_accounts a
WHERE a.kind = 'payout_inflight' AND a.balance <> 0
  AND NOT EXISTS (SELECT 1 FROM payouts p WHERE p.id = a.owner_id AND p.currency = a.currency)
"""
_WEBHOOKS = """
SELECT id, type, received_at FROM stripe_events
WHERE handled_at IS NULL AND dead_at IS NULL AND received_at < :now - interval '1 hour'
"""

INVARIANTS = (
    Invariant("I10", "What is in flight is what payouts under way are worth, one by one", _INFLIGHT),
    Invariant("I11", "Every paid top-up was credited once, in full; no other was", _CREDITED),
    Invariant("I13", "Stripe's clearing account is empty for each payment after 72 hours", _CLEARING),
    Invariant("I16", "Every webhook older than an hour was handled, or is a dead letter that staff see", _WEBHOOKS),
)
