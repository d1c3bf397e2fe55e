"""An account's balance at Stripe: what is available and what is still pending, per currency."""

from marketplace.stripe_emulator.protocol.errors import NotPossible
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
  FROM objects WHERE kind = 'balance_transaction' AND account = ?
)
GROUP BY currency ORDER BY currency
"""


@resource.get("/balance")
def retrieve(work: Work, _params: Json) -> Json:
    sums = _sums(work) or [{"currency": "usd", "available": 0, "pending": 0}]
    return {
        "object": "balance",
        "available": [_funds(row["available"], row["currency"]) for row in sums],
        "livemode": False,
        "pending": [_funds(row["pending"], row["currency"]) for row in sums],
    }


def available(work: Work) -> dict[str, int]:
    """What can be moved or paid out now, per currency."""
    return {row["currency"]: row["available"] for row in _sums(work)}


def check(work: Work, currency: str, amount: int, message: str) -> None:
    """Raises NotPossible, with this message, unless the amount is available."""
    if available(work).get(currency, 0) < amount:
        raise NotPossible(message, code="balance_insufficient")


def _sums(work: Work) -> list[Json]:
    return [dict(row) for row in work.rows.rows(_SUMS, work.account)]


def _funds(amount: int, currency: str) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}
