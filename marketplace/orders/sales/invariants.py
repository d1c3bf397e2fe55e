"""What must hold between deposits, sales and the ledger; `orders.invariants` puts each beside its like."""

#: nothing is held of a sale that is over, and no deposit where all is settled
FINISHED = """
SELECT s.id, s.state, a.balance FROM sales s
JOIN ledger_accounts a ON a.kind = 'held' AND a.owner_id = s.id
WHERE s.state IN ('released', 'reversed', 'void') AND a.balance <> 0
UNION ALL
SELECT o.id, o.state, a.balance FROM orders o
JOIN ledger_accounts a ON a.kind = 'order_deposit' AND a.owner_id = o.id
WHERE o.pricing = 'per_sale' AND a.balance <> 0
  AND o.state IN ('held', 'released', 'reversed', 'closed_no_sale', 'refunded')
"""

#: what came into a sale's hold, went back and went on is what the sale says, to the cent; the same of each deposit
PATHS = """
SELECT s.id, s.state, s.paid_cents, s.returned_cents, went.put_in, went.to_wallet, 0, went.to_others
FROM sales s JOIN LATERAL (
  SELECT coalesce(sum(-p.amount) FILTER (WHERE e.kind = 'commission'), 0) AS put_in,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'sale_reversal'), 0) AS to_wallet,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'release'), 0) AS to_others
  FROM ledger_accounts a
  JOIN ledger_postings p ON p.account_id = a.id JOIN ledger_entries e ON e.id = p.entry_id
  WHERE a.kind = 'held' AND a.owner_id = s.id
) went ON true
WHERE went.put_in <> s.paid_cents OR went.to_wallet <> s.returned_cents OR went.to_others <> s.released_cents
   OR (s.state = 'released' AND s.released_cents <> s.commission_cents)
UNION ALL
SELECT o.id, o.state, o.price_cents, o.refunded_cents, went.put_in, went.to_wallet, 0, went.to_sales
FROM orders o JOIN LATERAL (
  SELECT coalesce(sum(-p.amount) FILTER (WHERE e.kind = 'deposit'), 0) AS put_in,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'deposit_return'), 0) AS to_wallet,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'commission'), 0) AS to_sales
  FROM ledger_accounts a
  JOIN ledger_postings p ON p.account_id = a.id JOIN ledger_entries e ON e.id = p.entry_id
  WHERE a.kind = 'order_deposit' AND a.owner_id = o.id
) went ON true
WHERE o.pricing = 'per_sale' AND (went.put_in <> o.price_cents OR (
  o.state IN ('held', 'released', 'reversed', 'closed_no_sale', 'refunded')
  AND went.put_in <> went.to_wallet + went.to_sales))
"""

#: a sale holds what was paid less what went back and on; a deposit is whole until something is agreed or ended
HELD = """
SELECT s.id, s.state, s.paid_cents - s.returned_cents - s.released_cents AS expected, coalesce(a.balance, 0) AS held
FROM sales s LEFT JOIN ledger_accounts a ON a.kind = 'held' AND a.owner_id = s.id
WHERE coalesce(a.balance, 0) <> s.paid_cents - s.returned_cents - s.released_cents
UNION ALL
SELECT o.id, o.state, CASE WHEN q.deposit_back THEN 0 ELSE o.price_cents END, coalesce(a.balance, 0)
FROM orders o LEFT JOIN acquisitions q ON q.order_id = o.id
LEFT JOIN ledger_accounts a ON a.kind = 'order_deposit' AND a.owner_id = o.id
WHERE o.pricing = 'per_sale' AND o.state IN ('acquired', 'disputed', 'overdue', 'audit', 'no_sale_claimed')
  AND coalesce(a.balance, 0) <> CASE WHEN q.deposit_back THEN 0 ELSE o.price_cents END
"""

#: an order that is paid by the sale has its agreement and no other has; its sales are its own, the first one is alone
SLOTS = """
SELECT o.id, NULL::integer, NULL::integer, NULL::bigint FROM orders o LEFT JOIN acquisitions q ON q.order_id = o.id
WHERE (o.pricing = 'per_sale') <> (q.order_id IS NOT NULL)
UNION ALL
SELECT s.order_id, NULL, NULL, count(*) FROM sales s JOIN orders o ON o.id = s.order_id
WHERE s.state NOT IN ('reversed', 'void')
GROUP BY s.order_id
HAVING count(*) FILTER (WHERE NOT s.is_repeat) > 1 OR count(DISTINCT s.reference) <> count(*)
    OR bool_or(o.pricing <> 'per_sale' OR o.currency <> s.currency OR o.buyer_id <> s.buyer_id
               OR o.agency_id <> s.agency_id)
"""

#: an order stands where the least settled of its sales is
STATES = """
SELECT o.id, o.state, s.states FROM orders o JOIN (
  SELECT order_id, array_agg(DISTINCT state::text) AS states FROM sales WHERE state <> 'void' GROUP BY order_id
) s ON s.order_id = o.id
WHERE o.state IS DISTINCT FROM CASE
  WHEN s.states && ARRAY['reported', 'contested'] THEN 'reported'
  WHEN 'commission_due' = ANY (s.states) THEN 'commission_due'
  WHEN 'held' = ANY (s.states) THEN 'held'
  WHEN 'released' = ANY (s.states) THEN 'released'
  ELSE 'reversed' END
"""
