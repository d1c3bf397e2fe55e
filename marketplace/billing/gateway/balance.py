"""Our own balance at Stripe, and every movement of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marketplace.billing.gateway.client import Client
from marketplace.billing.gateway.reading import id_of
from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One movement (a balance transaction): signed as Stripe signs it, `net` is what it changed the balance by.

    `kind` is Stripe's word for it (`charge`, `transfer`, `refund` ...), `source` the id of what moved.
    """

    id: str
    kind: str
    source: str
    net: Money
    fee: int
    at: datetime


class Balance:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def now(self) -> Mapping[str, int]:
        """What stands there, available and pending together, in minor units by currency."""
        return self._sums("available", "pending")

    def available(self) -> Mapping[str, int]:
        """What can be sent somewhere now, in minor units by currency."""
        return self._sums("available")

    def lines(self, since: datetime | None) -> Iterator[BalanceLine]:
        """Every movement from a moment on, or all there ever were, newest first."""
        asked: dict[str, Any] = {"limit": 100}
        if since:
            asked["created"] = {"gte": int(since.timestamp())}
        for found in self._client.each(lambda api: api.v1.balance_transactions.list(asked)):
            yield BalanceLine(
                id=found["id"],
                kind=found["type"],
                source=id_of(found.get("source")) or "",
                net=Money(int(found["net"]), found["currency"].upper()),
                fee=int(found["fee"]),
                at=datetime.fromtimestamp(found["created"], UTC),
            )

    def _sums(self, *parts: str) -> dict[str, int]:
        balance = self._client.ask(lambda api: api.v1.balance.retrieve())
        sums: dict[str, int] = {}
        for funds in (each for part in parts for each in balance[part]):
            currency = funds["currency"].upper()
            sums[currency] = sums.get(currency, 0) + int(funds["amount"])
        return sums
