"""What must hold between top-ups and the ledger (the numbers are those of docs/money.md)."""

from marketplace.billing.documents import invariants as documents
from marketplace.billing.models.treasury import LOST
from marketplace.kit.invariants import Invariant
from marketplace.ledger import Class, chart

_OWED = ", ".join(f"'{account}'" for account in chart if chart[account].of == Class.LIABILITY)

#: what a paid top-up brought to its buyer: into the wallet, or off its debt
_CREDITED = """
SELECT t.id, t.state, t.amount_cents, coalesce(sum(-p.amount), 0) AS credited
FROM top_ups t
LEFT JOIN ledger_entries e ON e.reference_id = t.id AND e.kind = 'topup'
LEFT JOIN ledger_accounts a
  ON a.kind IN ('wallet_cash', 'buyer_receivable') AND a.owner_id = t.org_id AND a.currency = t.currency
LEFT JOIN ledger_postings p ON p.entry_id = e.id AND p.account_id = a.id
GROUP BY t.id
HAVING coalesce(sum(-p.amount), 0)
  <> CASE WHEN t.state IN ('succeeded', 'partly_refunded', 'refunded') THEN t.amount_cents ELSE 0 END
UNION ALL
SELECT e.id, 'no paid top-up', 0, 0 FROM ledger_entries e
WHERE e.kind = 'topup' AND NOT EXISTS (
  SELECT 1 FROM top_ups t
  WHERE t.id = e.reference_id AND t.state IN ('succeeded', 'partly_refunded', 'refunded'))
UNION ALL
SELECT t.id, 'refunded', t.refunded_cents, coalesce(b.cents, 0)
FROM top_ups t
LEFT JOIN (
  SELECT r.top_up_id, sum(p.amount) AS cents
  FROM card_refunds r
  JOIN ledger_entries e ON e.reference_id = r.id AND e.kind LIKE 'refund_card_%'
  JOIN ledger_postings p ON p.entry_id = e.id
  JOIN ledger_accounts a ON a.id = p.account_id AND a.currency = r.currency
  LEFT JOIN chargebacks c ON a.kind = 'wallet_frozen' AND c.id = a.owner_id
  WHERE a.kind IN ('wallet_cash', 'buyer_receivable') AND a.owner_id = r.org_id OR c.org_id = r.org_id
  GROUP BY r.top_up_id
) b ON b.top_up_id = t.id
WHERE t.refunded_cents <> coalesce(b.cents, 0) OR t.refunded_cents > t.amount_cents
UNION ALL
SELECT e.id, 'no refund', 0, 0 FROM ledger_entries e
WHERE e.kind LIKE 'refund_card_%' AND NOT EXISTS (
  SELECT 1 FROM card_refunds r JOIN top_ups t ON t.id = r.top_up_id AND t.org_id = r.org_id
  WHERE r.id = e.reference_id)
"""
#: what is on its way back to a card stands on the refund's own account, and nothing else does
_GOING_BACK = """
SELECT r.id, r.state, r.amount_cents, coalesce(a.balance, 0) AS inflight
FROM card_refunds r LEFT JOIN ledger_accounts a ON a.kind = 'refund_inflight' AND a.owner_id = r.id
WHERE coalesce(a.balance, 0) <> CASE WHEN r.state IN ('asked', 'pending') THEN r.amount_cents ELSE 0 END
UNION ALL
SELECT a.owner_id, 'no refund', 0, a.balance FROM ledger_accounts a
WHERE a.kind = 'refund_inflight' AND NOT EXISTS (SELECT 1 FROM card_refunds r WHERE r.id = a.owner_id)
"""
#: what is frozen is so for a bank that has not decided
_FROZEN = """
SELECT a.owner_id AS id, c.state, a.balance AS frozen
FROM ledger_accounts a LEFT JOIN chargebacks c ON c.id = a.owner_id
WHERE a.kind = 'wallet_frozen' AND a.balance <> 0 AND coalesce(c.state, 'lost') IN ('won', 'lost')
"""
#: per top-up, refund, chargeback, payout and sweep: what Stripe was said to have moved, and has told us about
_CLEARING = """
SELECT e.reference_id AS id, a.currency, sum(p.amount) AS left_in_clearing, max(e.at) AS since
FROM ledger_accounts a
JOIN ledger_postings p ON p.account_id = a.id
JOIN ledger_entries e ON e.id = p.entry_id
WHERE a.kind = 'stripe_clearing'
GROUP BY e.reference_id, a.currency
HAVING sum(p.amount) <> 0 AND max(e.at) < :now - interval '72 hours'
  OR sum(p.amount) < 0 AND EXISTS (SELECT 1 FROM top_ups t WHERE t.id = e.reference_id)
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
_BALANCE = """
SELECT currency AS what, at_stripe_cents AS at_stripe, of_lines_cents AS in_our_books
FROM balance_readings WHERE at_stripe_cents <> of_lines_cents
UNION ALL
SELECT l.id, l.net_cents, booked.cents
FROM balance_lines l JOIN ledger_entries e ON e.key = 'txn:' || l.id
JOIN LATERAL (
  SELECT coalesce(sum(p.amount), 0) AS cents FROM ledger_postings p
  JOIN ledger_accounts a ON a.id = p.account_id AND a.kind = 'stripe_balance' WHERE p.entry_id = e.id
) booked ON true
WHERE booked.cents <> l.net_cents
UNION ALL
SELECT l.id, l.net_cents, 0 FROM balance_lines l
WHERE l.at < :now - interval '72 hours' AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.key = 'txn:' || l.id)
UNION ALL
SELECT e.key, 0, 1 FROM ledger_entries e JOIN balance_readings r ON r.currency = e.currency
WHERE e.key LIKE 'txn:%' AND e.at < r.read_at - interval '1 hour'
  AND NOT EXISTS (SELECT 1 FROM balance_lines l WHERE e.key = 'txn:' || l.id)
"""
#: of the last days' sweeps: what was at Stripe of our own when each was asked for, all that is owed to others taken off
_SWEEPS = f"""
SELECT s.id, s.amount_cents, own.cents AS our_own
FROM sweeps s JOIN LATERAL (
  SELECT coalesce(sum(p.amount) FILTER (WHERE a.kind = 'stripe_balance'), 0)
    + least(0, coalesce(sum(p.amount) FILTER (WHERE a.kind = 'stripe_clearing'), 0))
    + coalesce(sum(p.amount) FILTER (WHERE a.kind IN ({_OWED})), 0) AS cents
  FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id
  WHERE e.currency = s.currency AND e.at <= s.created_at
) own ON true
WHERE s.created_at > :now - interval '7 days' AND s.reason <> '{LOST}' AND s.amount_cents > own.cents
"""  # noqa: S608  # both are our own words
_WEBHOOKS = """
SELECT id, type, received_at FROM stripe_events
WHERE handled_at IS NULL AND dead_at IS NULL AND received_at < :now - interval '1 hour'
"""

INVARIANTS = (
    Invariant("I10", "What is in flight is what payouts under way are worth, one by one", _INFLIGHT),
    Invariant(
        "I11", "Every paid top-up was credited once, in full, and never refunded beyond that; no other was", _CREDITED
    ),
    Invariant("R2", "What is on its way back to a card is on its refund's account", _GOING_BACK),
    Invariant("R10", "Nothing is frozen for a bank that has decided", _FROZEN),
    Invariant("I13", "Stripe's clearing account is empty for each payment, payout and sweep after 72 hours", _CLEARING),
    Invariant("I14", "Our balance at Stripe is what Stripe says, movement by movement", _BALANCE),
    Invariant("R8", "No sweep of the last seven days took what belongs to others", _SWEEPS),
    Invariant("I16", "Every webhook older than an hour was handled, or is a dead letter that staff see", _WEBHOOKS),
    *documents.INVARIANTS,
)
