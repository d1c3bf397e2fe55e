"""What must hold between orders, leads and the ledger (the numbers are those of docs/money.md)."""

from marketplace.kit.invariants import Invariant
from marketplace.orders.intents.invariants import WISHES
from marketplace.orders.invoicing import invariants as invoicing
from marketplace.orders.sales import invariants as sales

_FINISHED = """
SELECT o.id, o.state, a.balance FROM orders o
JOIN ledger_accounts a ON a.kind = 'held' AND a.owner_id = o.id
WHERE o.pricing = 'per_lead' AND o.state IN ('released', 'refunded', 'clawed_back', 'charged_back')
  AND a.balance <> 0
"""
_PATHS = """
SELECT o.id, o.state, o.price_cents, o.refunded_cents, held.put_in, held.to_wallet, held.to_bank, held.to_others
FROM orders o JOIN LATERAL (
  SELECT coalesce(sum(-p.amount) FILTER (WHERE e.kind = 'hold'), 0) AS put_in,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'refund'), 0) AS to_wallet,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'cb_lost'), 0) AS to_bank,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'release'), 0) AS to_others
  FROM ledger_accounts a
  JOIN ledger_postings p ON p.account_id = a.id JOIN ledger_entries e ON e.id = p.entry_id
  WHERE a.kind = 'held' AND a.owner_id = o.id
) held ON true
WHERE o.pricing = 'per_lead' AND (held.put_in <> o.price_cents OR held.to_wallet <> o.refunded_cents
   OR held.to_bank <> o.charged_back_cents
   OR (o.state IN ('released', 'refunded', 'clawed_back', 'charged_back')
     AND held.put_in <> held.to_wallet + held.to_bank + held.to_others)
   OR (o.state NOT IN ('released', 'refunded', 'clawed_back', 'charged_back') AND held.to_others <> 0))
"""
_HELD = """
SELECT o.id, o.state, o.price_cents - o.refunded_cents - o.charged_back_cents AS expected,
       coalesce(a.balance, 0) AS held
FROM orders o LEFT JOIN ledger_accounts a ON a.kind = 'held' AND a.owner_id = o.id
WHERE o.pricing = 'per_lead' AND o.state IN ('held', 'disputed', 'partly_refunded', 'frozen')
  AND coalesce(a.balance, 0) <> o.price_cents - o.refunded_cents - o.charged_back_cents
"""
_SLOTS = """
SELECT l.id, l.slots_total, l.slots_taken, count(o.id) AS orders
FROM leads l LEFT JOIN orders o ON o.lead_id = l.id
GROUP BY l.id
HAVING count(o.id) <> l.slots_taken OR l.slots_taken > l.slots_total
    OR count(DISTINCT o.slot) <> count(o.id) OR count(DISTINCT o.buyer_id) <> count(o.id)
"""
_PROMO = """
WITH moved AS (
  SELECT e.reference_id AS order_id, a.owner_id AS grant_id,
         coalesce(sum(p.amount) FILTER (WHERE e.kind = 'hold'), 0) AS spent,
         coalesce(sum(-p.amount) FILTER (WHERE e.kind <> 'hold'), 0) AS came_back
  FROM ledger_postings p
  JOIN ledger_accounts a ON a.id = p.account_id AND a.kind = 'wallet_promo'
  JOIN ledger_entries e ON e.id = p.entry_id AND e.kind NOT IN ('promo_grant', 'promo_expire')
  GROUP BY 1, 2
)
SELECT coalesce(m.order_id, op.order_id) AS order_id, coalesce(m.grant_id, op.grant_id) AS grant_id,
       m.spent, m.came_back, op.cents
FROM moved m FULL JOIN order_promos op ON op.order_id = m.order_id AND op.grant_id = m.grant_id
LEFT JOIN orders o ON o.id = m.order_id LEFT JOIN promo_grants g ON g.id = m.grant_id
WHERE m.spent IS DISTINCT FROM op.cents OR m.came_back > m.spent OR g.org_id IS DISTINCT FROM o.buyer_id
"""
_RIGHTS = """
SELECT r.lead_id, r.org_id FROM contact_rights r
LEFT JOIN orders o ON o.id = r.order_id AND o.lead_id = r.lead_id AND o.buyer_id = r.org_id
WHERE o.id IS NULL
"""
_AWARDS = """
SELECT o.id, o.price_cents, o.fee_bp, sum(p.amount) AS awarded FROM ledger_entries e
JOIN orders o ON o.id = e.reference_id
JOIN ledger_postings p ON p.entry_id = e.id
JOIN ledger_accounts a ON a.id = p.account_id AND a.kind = 'goodwill_expense'
WHERE e.kind = 'appeal_award'
GROUP BY o.id
HAVING sum(p.amount) > o.price_cents - (o.price_cents * o.fee_bp + 5000) / 10000
"""


def _and(of_leads: str, of_sales: str) -> str:
    return f"{of_leads}UNION ALL{of_sales}"


INVARIANTS = (
    Invariant("I7", "A finished order or sale holds nothing", _and(_FINISHED, sales.FINISHED)),
    Invariant(
        "I8",
        "What came into each order or sale went to the wallet, the agency and the fee, to the cent",
        _and(_PATHS, sales.PATHS),
    ),
    Invariant(
        "I9", "An unfinished order or sale holds what was paid less what went back and on", _and(_HELD, sales.HELD)
    ),
    Invariant(
        "I12",
        "Each lead was sold as often as it has orders, never beyond its places; each sale is its own order's",
        _and(_SLOTS, sales.SLOTS),
    ),
    Invariant("I15", "Promo money pays its own buyer's orders only, and comes back to where it was", _PROMO),
    Invariant("R1", "Everyone who may read a contact has bought the lead", _RIGHTS),
    Invariant("R3", "An order that is paid by the sale is where the least settled of its sales is", sales.STATES),
    Invariant("R7", "What was paid by card is what was wished for, and no paid wish waits for an hour", WISHES),
    Invariant("R9", "No agency was paid more for an order at our cost than it would have earned from it", _AWARDS),
    *invoicing.INVARIANTS,
)
