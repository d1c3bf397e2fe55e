"""Our balance at Stripe: what is available and what is still pending, per currency."""

from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("balance")
_SUMS = """
SELECT currency,
       sum(CASE status WHEN 'available' THEN net ELSE 0 END) AS available,
       sum(CASE status WHEN 'pending' THEN net ELSE 0 END) AS pending
FROM (
  SELECT json_extract(body, '$.currency') AS currency, json_extract(body, '$.status') AS status,
         json_extract(body, '$.net') AS net
  FROM objects WHERE kind = 'balance_transaction'
)
GROUP BY currency ORDER BY currency
"""


@resource.get("/balance")
def retrieve(work: Work, _params: Json) -> Json:
    sums = [dict(row) for row in work.rows.rows(_SUMS)] or [{"currency": "usd", "available": 0, "pending": 0}]
    return {
        "object": "balance",
        "available": [_funds(row["available"], row["currency"]) for row in sums],
        "livemode": False,
        "pending": [_funds(row["pending"], row["currency"]) for row in sums],
    }


def _funds(amount: int, currency: str) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}
