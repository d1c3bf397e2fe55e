"""Buyers that belong together, for the rating: one card, one bank, or one person in both."""

from sqlalchemy import text

from marketplace.kit.db import session
from marketplace.quality import agencies

_BUYERS = text("""
SELECT a.org_id, b.org_id, min(a.kind) FROM payment_marks a
JOIN payment_marks b ON b.kind = a.kind AND b.digest = a.digest AND b.org_id > a.org_id
JOIN organisations x ON x.id = a.org_id AND x.kind = 'buyer'
JOIN organisations y ON y.id = b.org_id AND y.kind = 'buyer'
GROUP BY 1, 2
UNION ALL
SELECT DISTINCT a.org_id, b.org_id, 'person' FROM memberships a
JOIN memberships b ON b.user_id = a.user_id AND b.org_id > a.org_id
JOIN organisations x ON x.id = a.org_id AND x.kind = 'buyer'
JOIN organisations y ON y.id = b.org_id AND y.kind = 'buyer'
""")
_OWN = text("""
SELECT agency_id, buyer_id, why FROM linked_parties
UNION ALL
SELECT DISTINCT a.org_id, b.org_id, 'person' FROM memberships a JOIN memberships b ON b.user_id = a.user_id
JOIN organisations x ON x.id = a.org_id AND x.kind = 'agency'
JOIN organisations y ON y.id = b.org_id AND y.kind = 'buyer'
""")


def tell_links() -> None:
    """Tell quality of all of them as they are now."""
    rows = (session().execute(statement).all() for statement in (_BUYERS, _OWN))
    buyers, own = ([(first, second, why) for first, second, why in found] for found in rows)
    agencies.tell_links(buyers, own)
