"""What must hold of leads that are paid by card; `orders.invariants` lists it."""

#: what a wish bought is what was wished for, and money that is there does not wait for its purchase
WISHES = """
SELECT i.top_up_id, i.state, i.order_id FROM purchase_intents i
JOIN top_ups t ON t.id = i.top_up_id LEFT JOIN orders o ON o.id = i.order_id
WHERE (i.state = 'waiting' AND t.credited_at < :now - interval '1 hour')
   OR (i.state = 'bought' AND (t.credited_at IS NULL OR o.placed_at < t.credited_at OR o.lead_id <> i.lead_id
     OR o.buyer_id <> i.org_id OR o.price_cents <> i.price_cents OR o.currency <> i.currency))
"""
