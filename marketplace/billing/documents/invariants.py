"""What must hold in documents whatever happened (the numbers are those of docs/money.md)."""

from marketplace.kit.invariants import Invariant

_NUMBERS = """
SELECT s.kind, s.year, s.last, count(d.id) AS documents, max(d.number) AS highest
FROM document_series s LEFT JOIN documents d ON d.kind = s.kind AND d.year = s.year
GROUP BY s.kind, s.year
HAVING count(d.id) <> s.last OR max(d.number) <> s.last OR min(d.number) <> 1
"""
_SUMS = """
SELECT d.id, d.kind, d.total_cents, coalesce(d.opening_cents, 0) + coalesce(sum(l.amount_cents), 0) AS lines
FROM documents d LEFT JOIN document_lines l ON l.document_id = d.id
GROUP BY d.id
HAVING d.total_cents <> coalesce(d.opening_cents, 0) + coalesce(sum(l.amount_cents), 0) OR count(l.position) = 0
UNION ALL
SELECT c.id, c.kind, c.total_cents, sum(n.total_cents) FROM documents c JOIN documents n ON n.corrects_id = c.id
GROUP BY c.id
HAVING sum(n.total_cents) > c.total_cents OR sum(n.vat_cents) > c.vat_cents OR bool_or(n.org_id <> c.org_id)
"""
_RECEIPTS = """
SELECT t.id, t.credited_at, t.amount_cents FROM top_ups t
WHERE t.credited_at < (SELECT max(month)::timestamp AT TIME ZONE 'UTC' FROM document_months) AND NOT EXISTS (
  SELECT 1 FROM document_lines l
  WHERE l.kind = 'receipt' AND l.reference_id = t.id AND l.amount_cents = t.amount_cents)
"""

INVARIANTS = (
    Invariant("D1", "The numbers of each series of documents have no gap", _NUMBERS),
    Invariant("D2", "Each document adds up, and no credit note gives back more than was invoiced", _SUMS),
    Invariant("D5", "Every top-up that was paid before the last closed month has its receipt", _RECEIPTS),
)
