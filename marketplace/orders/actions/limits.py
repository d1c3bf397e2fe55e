"""Some grades let an agency sell only so many leads before windows close: then it offers none for a while."""

from sqlalchemy import text

from marketplace.kit import clock
from marketplace.kit.db import session

_COUNT = text("""
WITH full_ones AS (
  SELECT org.id, sold.n, terms.most_unmatured AS most
  FROM organisations org
  JOIN LATERAL (
    SELECT t.most_unmatured FROM grade_terms t WHERE t.grade = org.grade AND t.since <= :now
    ORDER BY t.number DESC LIMIT 1
  ) terms ON terms.most_unmatured IS NOT NULL
  JOIN LATERAL (
    SELECT count(*) AS n FROM orders o
    WHERE o.agency_id = org.id AND o.window_ends_at > :now AND o.state IN ('held', 'disputed', 'partly_refunded')
  ) sold ON sold.n >= terms.most_unmatured
  WHERE org.kind = 'agency'
), gone AS (
  DELETE FROM full_agencies WHERE agency_id NOT IN (SELECT id FROM full_ones)
)
INSERT INTO full_agencies (agency_id, sold, most, since)
SELECT id, n, most, :now FROM full_ones
ON CONFLICT (agency_id) DO UPDATE SET sold = excluded.sold, most = excluded.most
""")


def count_unmatured() -> None:
    """Write down which agencies have sold as many leads as their grade lets them before windows close."""
    session().execute(_COUNT, {"now": clock.now()})
